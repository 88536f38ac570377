import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { PodreachError } from '../errors.ts';
import { claimBlock } from './claim-block.ts';

/**
 * Hands out the source ports of datagrams.
 *
 * A CNI that tracks connections (Calico accepts RELATED,ESTABLISHED before any policy) lets a datagram through when an
 * earlier one left an entry with the same source address, source port and destination, whatever policies say by then. A
 * verdict is only sound if no such entry can exist, so no port is used twice while an entry of its first use may live.
 *
 * Why that holds. Time is cut into windows of 60 s of the wall clock, the range of ports into 8 parts; in window k only
 * part k mod 8 is handed out, so two uses of a port lie either in one window or at least 8 windows apart.
 * - In one window: a part is cut into blocks, and a process takes a block only if it is the first on this machine to
 *   claim it for that window. In its blocks it gives each port to a source address once.
 * - 8 windows apart: at least 7 windows (420 s) lie between the end of the one and the beginning of the other. An entry
 *   lives for 180 s after its last packet (nf_conntrack_udp_timeout_stream; less by default). That leaves 240 s for a
 *   datagram that sets out late. An exec that has not begun after 120 s does not begin at all.
 * - Against a clock that is set back and a machine that sleeps (tracked entries don't age then), a process also
 *   measures those 420 s by a clock that does neither.
 * Nobody else uses these ports from the same address: the kernel chooses from 32768 (ip_local_port_range), NodePorts
 * begin at 30000, and ports that are served are left out.
 */
export interface SourcePorts {
  /**
   * One port for each of `count` datagrams, to be sent at once from a source with these addresses. Where a window has
   * none left it waits for the next one, at most a minute. Throws a PodreachError on an abort, and when no port can be
   * claimed.
   */
  take(addresses: readonly string[], count: number, options?: TakeOptions): Promise<readonly number[]>;
}

export interface TakeOptions {
  /** Ports that are served at those addresses, where no datagram can start from. */
  readonly served?: ReadonlySet<number>;
  readonly signal?: AbortSignal | undefined;
}

/** What source ports rest on; a test has its own. */
export interface Ground {
  wallMs(): number;
  /** Never set back, and at a halt while the machine sleeps. */
  steadyMs(): number;
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** Whether this process is the first on the machine to ask for the block in that window. */
  claim(window: number, block: number): Promise<boolean>;
  /** Where in a part a process looks first, at least 0 and below 1. */
  random(): number;
}

export const WINDOW_MS = 60_000;
export const FIRST_PORT = 10_000;
export const PARTS = 8;
export const BLOCKS = 50;
export const BLOCK_SIZE = 50;
const PART_SIZE = BLOCKS * BLOCK_SIZE;
/** From the last use of a part to its next. */
export const REST_MS = (PARTS - 1) * WINDOW_MS;

const NONE: ReadonlySet<number> = new Set();

/** How late a datagram may set out, once its port is taken: an exec that starts later is not to start at all. */
export const SET_OUT_MS = 120_000;

/** What a process holds of one window. */
interface Holding {
  readonly window: number;
  /** In the order in which they were claimed. */
  readonly ports: number[];
  /** Blocks that are still to be asked for. */
  readonly untried: number[];
  /** How many of `ports` each address has used. */
  readonly used: Map<string, number>;
}

/** Source ports that no other process on this machine hands out either. */
export const createSourcePorts = (ground: Ground): SourcePorts => {
  const inTurn = pLimit(1);
  const lastUsedMs = new Map<number, number>();
  let held: Holding | undefined;

  /** The holding of the current window; null where this process used its part too short a time ago. */
  const current = (): Holding | null => {
    const window = Math.floor(ground.wallMs() / WINDOW_MS);
    if (held?.window === window) return held;
    const usedMs = lastUsedMs.get(window % PARTS) ?? Number.NEGATIVE_INFINITY;
    if (ground.steadyMs() - usedMs < REST_MS) return null;
    const first = Math.floor(ground.random() * BLOCKS);
    const untried = Array.from({ length: BLOCKS }, (_, index) => (first + index) % BLOCKS);
    held = { window, ports: [], untried, used: new Map() };
    return held;
  };

  /** The ports at the next free places, or null where the window has not that many left. */
  const takeFrom = async (
    holding: Holding,
    addresses: readonly string[],
    count: number,
    served: ReadonlySet<number>,
  ): Promise<readonly number[] | null> => {
    const taken: number[] = [];
    let place = Math.max(0, ...addresses.map((address) => holding.used.get(address) ?? 0));
    while (taken.length < count) {
      const port = holding.ports[place];
      if (port === undefined) {
        if (!(await claimNext(ground, holding))) return null;
        continue;
      }
      place += 1;
      if (!served.has(port)) taken.push(port);
    }
    for (const address of addresses) holding.used.set(address, place);
    lastUsedMs.set(holding.window % PARTS, ground.steadyMs());
    return taken;
  };

  const take: SourcePorts['take'] = async (addresses, count, { served = NONE, signal } = {}) => {
    if (count > PART_SIZE / 2) throw new RangeError(`${count} datagrams at once from ${addresses.join()}`);
    for (;;) {
      if (signal?.aborted) throw new PodreachError('probing was interrupted');
      const holding = current();
      const ports = holding && (await takeFrom(holding, addresses, count, served));
      // The window may be over by the time that a block is claimed.
      if (ports && Math.floor(ground.wallMs() / WINDOW_MS) === holding.window) return ports;
      if (!ports) await ground.wait(WINDOW_MS - (ground.wallMs() % WINDOW_MS), signal);
    }
  };

  return { take: (addresses, count, options) => inTurn(() => take(addresses, count, options)) };
};

/** Claims another block of the holding's window; false where all are gone. */
const claimNext = async (ground: Ground, { window, ports, untried }: Holding): Promise<boolean> => {
  for (let block = untried.shift(); block !== undefined; block = untried.shift()) {
    if (!(await ground.claim(window, block))) continue;
    const first = FIRST_PORT + (window % PARTS) * PART_SIZE + block * BLOCK_SIZE;
    ports.push(...Array.from({ length: BLOCK_SIZE }, (_, index) => first + index));
    return true;
  }
  return false;
};

/** The source ports of this process. */
export const sourcePorts = createSourcePorts({
  wallMs: () => Date.now(),
  steadyMs: () => performance.now(),
  wait: async (ms, signal) => void (await sleep(ms, undefined, { signal }).catch(() => undefined)),
  claim: claimBlock,
  random: Math.random,
});
