import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { PodreachError } from '../../../src/errors.ts';
import { claimBlock } from '../../../src/probe/claim-block.ts';
import {
  BLOCK_SIZE,
  BLOCKS,
  createSourcePorts,
  FIRST_PORT,
  type Ground,
  PARTS,
  REST_MS,
  WINDOW_MS,
} from '../../../src/probe/source-ports.ts';
import { failureOf } from '../failure-of.ts';
import { ownCacheHome } from '../host/cache-home.ts';

/** A machine whose time only passes when somebody waits, and the processes on it. */
const machine = (startMs = 1_700_000_000_000) => {
  const claimed = new Set<string>();
  const clock = { wallMs: startMs, steadyMs: 5_000 };
  const pass = (ms: number, asleep = false): void => {
    clock.wallMs += ms;
    if (!asleep) clock.steadyMs += ms;
  };
  const process = (changes: Partial<Ground> = {}) =>
    createSourcePorts({
      wallMs: () => clock.wallMs,
      steadyMs: () => clock.steadyMs,
      wait: async (ms) => pass(ms),
      claim: async (window, block) => !claimed.has(`${window}-${block}`) && claimed.add(`${window}-${block}`) !== null,
      random: () => 0,
      ...changes,
    });
  return { clock, pass, process };
};

const A = ['10.0.0.1'];
/** nf_conntrack_udp_timeout_stream, in Linux's documentation of nf_conntrack-sysctl. */
const ENTRY_MS = 180_000;

describe('source ports', () => {
  it('are each given to an address once, and to other addresses as well', async () => {
    const { process } = machine();
    const ports = process();
    const taken = [...(await ports.take(A, 3)), ...(await ports.take(A, 60))];
    expect(new Set(taken).size).to.equal(63);
    expect(await ports.take(['10.0.0.2'], 3)).to.deep.equal(taken.slice(0, 3));
  });

  it('are counted by each address of a source', async () => {
    const ports = machine().process();
    const both = await ports.take(['10.0.0.1', 'fd00::1'], 2);
    for (const address of ['10.0.0.1', 'fd00::1'])
      expect(both).not.to.include.members([...(await ports.take([address], 1))]);
  });

  it('are neither those that the kernel chooses, nor node ports, nor privileged ones', async () => {
    const { process, pass } = machine();
    const all: number[] = [];
    for (let window = 0; window < PARTS; window += 1, pass(WINDOW_MS)) all.push(...(await process().take(A, 1)));
    const last = FIRST_PORT + PARTS * BLOCKS * BLOCK_SIZE - 1;
    expect(last).to.be.below(30_000);
    for (const port of all) expect(port).to.be.within(1024, last);
  });

  it('fill the part of their window, and nothing beside it', async () => {
    const { clock, process } = machine();
    const ports = process({ random: () => 0.99 });
    const half = (BLOCKS * BLOCK_SIZE) / 2;
    const taken = [...(await ports.take(A, half)), ...(await ports.take(A, half))];
    const first = FIRST_PORT + (Math.floor(clock.wallMs / WINDOW_MS) % PARTS) * BLOCKS * BLOCK_SIZE;
    expect([...taken].sort()).to.deep.equal(Array.from({ length: 2 * half }, (_, index) => first + index));
  });

  it('are looked for from a place of its own for each process', async () => {
    const asked: number[] = [];
    const claim = async (_window: number, block: number) => {
      asked.push(block);
      return asked.length > 2;
    };
    await machine()
      .process({ claim, random: () => 0.98 })
      .take(A, 1);
    expect(asked).to.deep.equal([49, 0, 1]);
  });

  it('are used again at once after their rest, and not before', async () => {
    const { clock, pass, process } = machine();
    // The machine sleeps through a window, so that its clock has measured the very rest when their part is due again.
    for (const [aheadMs, waits] of [
      [WINDOW_MS + 1, true],
      [WINDOW_MS, false],
    ] as const) {
      const own = process();
      await own.take(A, 1);
      pass(aheadMs, true);
      pass(REST_MS + WINDOW_MS - aheadMs);
      const startMs = clock.wallMs;
      await own.take(A, 1);
      expect(clock.wallMs > startMs, String(aheadMs)).to.equal(waits);
    }
  });

  it('are never those that are served', async () => {
    const ports = machine().process();
    const served = new Set([...(await ports.take(['10.0.0.9'], 5))]);
    expect(await ports.take(A, 5, { served })).not.to.include.members([...served]);
  });

  it('wait for the next window if one has none left', async () => {
    const { clock, process } = machine();
    const ports = process();
    const startMs = clock.wallMs;
    const taken: number[] = [];
    for (let time = 0; time < 3; time += 1) taken.push(...(await ports.take(A, 1_000)));
    expect(new Set(taken).size).to.equal(3_000);
    expect(clock.wallMs - startMs).to.be.within(1, WINDOW_MS);
    expect((await failureOf(ports.take(A, 5_000))).message).to.contain('5000 datagrams');
  });

  it('are not used again by a process while the machine sleeps, or when its clock is set back or ahead', async () => {
    for (const meddle of [-PARTS * WINDOW_MS, PARTS * WINDOW_MS, WINDOW_MS * (PARTS - 1)]) {
      const { clock, pass, process } = machine();
      const ports = process({ random: () => 0 });
      const before = await ports.take(A, 10);
      const usedMs = clock.steadyMs;
      pass(meddle, true);
      const after = await ports.take(A, 10);
      const isAgain = after.some((port) => before.includes(port));
      expect(!isAgain || clock.steadyMs - usedMs >= REST_MS, String(meddle)).to.equal(true);
    }
  });

  it('are taken in turn, however many take at once', async () => {
    const ports = machine().process({
      claim: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return true;
      },
    });
    const taken = (await Promise.all(Array.from({ length: 9 }, () => ports.take(A, 20)))).flat();
    expect(new Set(taken).size).to.equal(180);
  });

  it('are not those of a window that ended while they were claimed', async () => {
    const { clock, pass, process } = machine();
    let slow = true;
    const ports = process({
      claim: async () => {
        if (slow) pass(WINDOW_MS);
        slow = false;
        return true;
      },
    });
    const startMs = clock.wallMs;
    const [port = 0] = await ports.take(A, 1);
    expect(clock.wallMs - startMs).to.equal(WINDOW_MS);
    const part = Math.floor(clock.wallMs / WINDOW_MS) % PARTS;
    expect(Math.floor((port - FIRST_PORT) / (BLOCKS * BLOCK_SIZE))).to.equal(part);
  });

  it('are not waited for after an abort', async () => {
    const failure = await failureOf(machine().process().take(A, 1, { signal: AbortSignal.abort() }));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.contain('interrupted');
  });

  it('leave an entry of conntrack, and a late datagram, the time that they need', () => {
    expect(REST_MS - ENTRY_MS).to.be.at.least(120_000);
  });

  it('are used twice by an address only after that time, whoever takes them, and whenever', async () => {
    const act = fc.record({
      pauseMs: fc.oneof(fc.nat(2_000), fc.nat(90_000), fc.nat(600_000)),
      process: fc.nat(3),
      address: fc.constantFrom('10.0.0.1', '10.0.0.2'),
      count: fc.integer({ min: 1, max: 1_000 }),
      restart: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 30 }),
        fc.infiniteStream(fc.double({ min: 0, max: 0.99, noNaN: true })),
        async (acts, random) => {
          const { clock, pass, process } = machine();
          const start = () => process({ random: () => random.next().value });
          const processes = Array.from({ length: 4 }, start);
          const lastMs = new Map<string, number>();
          for (const { pauseMs, process: which, address, count, restart } of acts) {
            pass(pauseMs);
            if (restart) processes[which] = start();
            for (const port of (await processes[which]?.take([address], count)) ?? []) {
              const key = `${address} ${port}`;
              const beforeMs = lastMs.get(key);
              if (beforeMs !== undefined) expect(clock.wallMs - beforeMs).to.be.at.least(REST_MS);
              lastMs.set(key, clock.wallMs);
            }
          }
        },
      ),
    );
  });
});

describe('claimBlock', () => {
  const home = ownCacheHome();
  const folder = () => join(home(), 'podreach', 'source-ports');

  it('is true for the first that asks for a block of a window, and for no other', async () => {
    const asked = await Promise.all(Array.from({ length: 8 }, () => claimBlock(70, 3)));
    expect(asked.filter((won) => won)).to.have.length(1);
    expect([await claimBlock(70, 4), await claimBlock(71, 3), await claimBlock(70, 4)]).to.deep.equal([
      true,
      true,
      false,
    ]);
  });

  it('forgets the claims of windows that are over, but not of the one before', async () => {
    for (const window of [70, 71, 72]) await claimBlock(window, 3);
    expect((await readdir(folder())).sort()).to.deep.equal(['71-3', '72-3']);
  });

  it('does not mind others that forget the same claims at the same time', async () => {
    const blocks = Array.from({ length: 8 }, (_, block) => block);
    for (const block of blocks) await claimBlock(70, block);
    expect(await Promise.all(blocks.map((block) => claimBlock(75, block)))).to.deep.equal(blocks.map(() => true));
    expect((await readdir(folder())).sort()).to.deep.equal(blocks.map((block) => `75-${block}`));
  });

  it('says what is in the way if no claim can be made', async () => {
    await writeFile(join(home(), 'podreach'), '');
    const failure = await failureOf(claimBlock(70, 3));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.contain(folder());
    expect(failure.hint).to.contain('XDG_CACHE_HOME');
  });
});
