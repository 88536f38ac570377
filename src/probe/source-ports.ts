import pLimit from 'p-limit';
import { PodreachError } from '../errors.ts';
import { pauseUnlessOver } from '../pause.ts';
import { claimBlock } from './claim-block.ts';

/**
 * Hands out the source ports of datagrams.
 *
 * A CNI that tracks connections (Calico accepts RELATED,ESTABLISHED before any policy) lets a datagram through if an
 * earlier one left an entry with the same source address, source port and destination, whatever the policies say by
 * then. A verdict is sound only if no such entry can exist, so no port is used twice while an entry of its first use
 * may live.
 *
 * Why that holds: time is divided into windows of 60 s of the wall clock, and the port range into 8 parts. In window k
 * only part k mod 8 is handed out, so two uses of a port are either in one window or at least 8 windows apart.
 * - In one window: a part is divided into blocks, and a process takes a block only if it is the first on this machine
 *   to claim it for that window. It hands out each port of its blocks once per source address.
 * - 8 windows apart: at least 7 windows (420 s) lie between the end of one and the beginning of the other. An entry
 *   lives for 180 s after its last packet (nf_conntrack_udp_timeout_stream; less by default). That leaves 240 s for a
 *   datagram that is sent late. An exec that has not begun after 120 s does not begin at all.
 * - A clock may be set back, and a machine may sleep (tracked entries don't age then). So a process also measures those
 *   420 s with a clock that is never set back and that stops during sleep.
 *
 * Nobody else uses these ports from the same address: the kernel chooses from 32768 (ip_local_port_range), NodePorts
 * begin at 30000, and served ports are left out.
 */
export interface SourcePorts {
  /**
   * One port for each of `count` datagrams, to be sent at once from a source with these addresses. If a window has none
   * left, waits for the next one, at most a minute. Throws a PodreachError on an abort, or if no port can be claimed.
   */
  take(addresses: readonly string[], count: number, options?: TakeOptions): Promise<readonly number[]>;
}

export interface TakeOptions {
  /** Ports that are served at those addresses, which no datagram can start from. */
  readonly served?: ReadonlySet<number>;
  readonly signal?: AbortSignal | undefined;
}

/** What source ports depend on; tests provide their own. */
export interface Ground {
  wallMs(): number;
  /** Never set back, and stopped while the machine sleeps. */
  steadyMs(): number;
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** Whether this process is the first on the machine to claim the block in that window. */
  claim(window: number, block: number): Promise<boolean>;
  /** Where in a part a process looks first: at least 0 and below 1. */
  random(): number;
}

export const WINDOW_MS = 60_000;
export const FIRST_PORT = 10_000;
export const PARTS = 8;
export const BLOCKS = 50;
export const BLOCK_SIZE = 50;
const PART_SIZE = BLOCKS * BLOCK_SIZE;
/** From the last use of a part to its next use. */
export const REST_MS = (PARTS - 1) * WINDOW_MS;

const NONE: ReadonlySet<number> = new Set();

/** How late a datagram may be sent after its port was taken: an exec must not start later than this. */
export const SET_OUT_MS = 120_000;

/** The ports that a process holds in one window. */
interface Holding {
  readonly window: number;
  /** In the order in which they were claimed. */
  readonly ports: number[];
  /** Blocks that are not yet claimed. */
  readonly untried: number[];
  /** How many of `ports` each address has used. */
  readonly used: Map<string, number>;
}

/** Hands out source ports that no other process on this machine hands out. */
export const createSourcePorts = (ground: Ground): SourcePorts => {
  const inTurn = pLimit(1);
  const lastUsedMs = new Map<number, number>();
  let held: Holding | undefined;

  /** The holding of the current window; null if this process used its part too recently. */
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

  /** The ports at the next free positions, or null if the window has fewer left. */
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
      // The window may be over by the time a block is claimed.
      if (ports && Math.floor(ground.wallMs() / WINDOW_MS) === holding.window) return ports;
      if (!ports) await ground.wait(WINDOW_MS - (ground.wallMs() % WINDOW_MS), signal);
    }
  };

  return { take: (addresses, count, options) => inTurn(() => take(addresses, count, options)) };
};

/** Claims another block of the holding's window; false if none is left. */
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
  wait: pauseUnlessOver,
  claim: claimBlock,
  random: Math.random,
});
