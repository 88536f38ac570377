import { expect } from 'chai';
import type { Source } from '../../../src/deploy/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import { type BatchOptions, runBatch } from '../../../src/probe/run-batch.ts';
import { failureOf } from '../failure-of.ts';
import { WEB } from './batch-of.ts';
import { endpoint, probe } from './fake-targets.ts';

const API = endpoint('prod/api', 7, []);
const ENDPOINTS = new Map([WEB, API].map((one) => [one.endpoint, one]));
const TCP = probe('prod/api', 'prod/web');
const UDP = probe('prod/api', 'prod/web', 53, 'UDP');
const ports = { take: async () => [12_000, 12_001] };
const NOTHING = { stdout: '', stderr: '', exitCode: 0 };

/** The readings of one probe by an exec that does this. */
const read = async (exec: Source['exec'], one = TCP, options: Partial<BatchOptions> = {}) => {
  const all = { timeoutMs: 2000, ports, ...options };
  return (await runBatch({ endpoint: 'prod/api', exec }, [one], ENDPOINTS, all)).get(one) ?? [];
};
/** Does what `work` does with AbortSignal.timeout replaced, which tells the times that it was asked for. */
const withTimeouts = async (signalOf: () => AbortSignal, work: () => Promise<void>): Promise<readonly number[]> => {
  const { timeout } = AbortSignal;
  const asked: number[] = [];
  AbortSignal.timeout = (ms) => {
    asked.push(ms);
    return signalOf();
  };
  return work()
    .finally(() => {
      AbortSignal.timeout = timeout;
    })
    .then(() => asked);
};

describe("runBatch's exec", () => {
  it('has the time of its probes, of the way there and back, and of the processor for each', async () => {
    const deadlines: number[] = [];
    const exec: Source['exec'] = async (_argv, { deadlineMs }) => {
      deadlines.push(deadlineMs);
      return NOTHING;
    };
    await read(exec);
    await read(exec, TCP, { timeoutMs: 3000 });
    // Two tools, 40 ms for each.
    expect(deadlines).to.deep.equal([7080, 8080]);
  });

  it("that fails is an error of every tool, in podreach's own words alone", async () => {
    const failing = (error: Error) => read(() => Promise.reject(error));
    const known = new PodreachError('exec in prod/api gave no answer within 7080 ms');
    expect((await failing(known)).map(({ verdict, detail, elapsedMs }) => [verdict, detail, elapsedMs])).to.deep.equal(
      Array(2).fill(['error', known.message, 0]),
    );
    expect((await failing(new Error('a token')))[0]?.detail).to.equal('the exec in prod/api failed');
  });

  it('that reports nothing says what it ended with, shortened and without control characters', async () => {
    const [quiet] = await read(async () => ({ ...NOTHING, exitCode: 137 }));
    expect(quiet).to.include({
      verdict: 'error',
      detail: 'the exec in prod/api went wrong: its output broke off before the end (exit code 137)',
    });
    const stderr = `\n  ${'x'.repeat(159)}\u0007yz\n`;
    const [loud] = await read(async () => ({ ...NOTHING, stderr, exitCode: 2 }));
    expect(loud?.detail).to.match(/\(exit code 2, x{159}\\x07\)$/v);
  });

  it('gives the tools that start first as much more time as the last one comes later', async () => {
    const [first, last] = await read(async ([, , , , nonce]) => {
      const lines = [`${nonce} 0 143 100.00 103.50  ${nonce}:0`, `${nonce} 1 143 101.50 103.50  ${nonce}:1`];
      return { ...NOTHING, stdout: [...lines, `end ${nonce} 2`, ''].join('\n') };
    });
    expect([first?.verdict, last?.verdict]).to.deep.equal(['dropped', 'dropped']);
  });

  it('that is interrupted interrupts it all, whatever it says itself', async () => {
    const interruption = new AbortController();
    const exec: Source['exec'] = (_argv, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
        interruption.abort();
      });
    const failure = await failureOf(read(exec, TCP, { signal: interruption.signal }));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.equal('probing was interrupted');
  });

  it('that waits too long to begin is an error if datagrams are sent', async () => {
    const late = await withTimeouts(AbortSignal.abort, async () => {
      for (const timeoutMs of [2_000, 130_000]) {
        const exec: Source['exec'] = async (_argv, { signal }) => {
          if (signal?.aborted) throw new PodreachError('it was interrupted');
          return NOTHING;
        };
        const readings = await read(exec, UDP, { timeoutMs });
        expect(readings.map(({ verdict, detail }) => [verdict, detail])).to.deep.equal(
          Array(2).fill(['error', 'the exec in prod/api did not start in time']),
        );
      }
    });
    // 420 s of rest less 180 s of an entry's life are left for it; and all that the exec itself may take has to fit.
    expect(late).to.have.length(2);
    expect(late[0]).to.be.within(7_080, 240_000);
    expect(late[1]).to.be.within(135_080, 240_000);
  });

  it('is not kept from starting if none is sent, because no port is used again', async () => {
    const late = await withTimeouts(AbortSignal.abort, async () => {
      const [reading] = await read(async (_argv, { signal }) => {
        expect(signal?.aborted).to.equal(false);
        return NOTHING;
      });
      expect(reading?.detail).to.contain('broke off');
    });
    expect(late).to.deep.equal([]);
  });

  it('that fails by itself is reported as such, although its start had a limit', async () => {
    const never = new AbortController().signal;
    await withTimeouts(
      () => never,
      async () => {
        const [reading] = await read(() => Promise.reject(new PodreachError('403 Forbidden')), UDP);
        expect(reading?.detail).to.equal('403 Forbidden');
      },
    );
  });
});
