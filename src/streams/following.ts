/** What became of connections that were open before a change, as plain data. */
import type { FlowExpectation, Probe } from '../scenario/index.ts';

/** `silent`: nothing comes back any more. `reset`: it was ended from outside, and its server is well. */
export type FlowState = 'flows' | 'silent' | 'reset';

/** A state that a connection went into, in ms after the change was accepted; negative if before. */
export interface FlowTurn {
  readonly atMs: number;
  readonly state: FlowState;
}

/** What one request of a connection brought. */
export interface FlowTick {
  /** When it was sent, in ms after the change was accepted. */
  readonly atMs: number;
  /** What came back before the next one was sent. */
  readonly bytes: number;
  /** How long its own answer took; null if there was none. */
  readonly tookMs: number | null;
}

export interface FollowedConnection extends Probe {
  /** null if nothing is expected of it. */
  readonly expected: FlowExpectation | null;
  /** How soon after the change what is expected has to be so. */
  readonly withinMs?: number;
  /** An earlier step opened it; absent if it was opened just before this step's change. */
  readonly isOlder?: true;
  /** How long it was followed after the change was accepted. */
  readonly forMs: number;
  /** The state when the change began, then each other one. Empty if nothing is known. */
  readonly turns: readonly FlowTurn[];
  /** Datagrams that were lost among answered ones: no policy. */
  readonly lost: number;
  /** The longest time between two answers. */
  readonly pauseMs: number;
  /** How far a time may be off: the time between two requests, and that of a round trip. */
  readonly errorMs: number;
  readonly ticks: readonly FlowTick[];
  /** Why nothing is known of it. */
  readonly broken?: BrokenFlow;
}

/**
 * `not-open`: it was not open before the change. `tool`: what carried it ended. `server`: its server did not answer itself
 * either. `unproven`: it was too busy where it starts to prove anything.
 */
export type BrokenFlow =
  | { readonly kind: 'not-open' | 'tool'; readonly why: string }
  | { readonly kind: 'server' | 'unproven' };

export interface Following {
  /** How often each connection was tried. */
  readonly tickMs: number;
  readonly connections: readonly FollowedConnection[];
  /** How often the change was made again because a source was too busy to show anything; absent if never. */
  readonly repeated?: number;
}

/** Whether nothing is known of a connection only because its source was too busy. */
export const isUnproven = ({ broken }: FollowedConnection): boolean => broken?.kind === 'unproven';

/** What is wrong with a connection that something was expected of. */
export type FlowFault = 'stopped' | 'interrupted' | 'flows-on' | 'reset' | 'silent' | 'too-late';

/** null if nothing is, or if nothing is known or expected of it. */
export const flowFaultOf = (connection: FollowedConnection): FlowFault | null => {
  const { expected, withinMs, turns, broken } = connection;
  const last = turns.at(-1);
  if (expected === null || broken || !last) return null;
  const fault = FAULTS[expected][last.state];
  if (fault !== null) return fault;
  if (expected === 'flows' && turns.slice(1).some(({ state }) => state !== 'flows')) return 'interrupted';
  return withinMs !== undefined && turns.length > 1 && last.atMs > withinMs ? 'too-late' : null;
};

/** By what is expected and what is so in the end. */
const FAULTS: Readonly<Record<FlowExpectation, Readonly<Record<FlowState, FlowFault | null>>>> = {
  flows: { flows: null, silent: 'stopped', reset: 'reset' },
  stops: { flows: 'flows-on', silent: null, reset: null },
  stalls: { flows: 'flows-on', silent: null, reset: 'reset' },
  resets: { flows: 'flows-on', silent: 'silent', reset: null },
};

/** What they amount to: nothing unknown passes. */
export const statusOfFlows = ({ connections }: Following): 'pass' | 'fail' | 'error' => {
  if (connections.some(({ broken }) => broken !== undefined)) return 'error';
  return connections.some((one) => flowFaultOf(one) !== null) ? 'fail' : 'pass';
};
