import { modelOf, type Situation } from '../matrix/index.ts';
import {
  DIRECTIONS,
  type Direction,
  isolates,
  type NetworkPolicy,
  reachability,
  withPolicies,
} from '../model/index.ts';
import { eachProbeIn, type Probe, podsOf } from '../scenario/index.ts';

/** A set of cells: bit n is the nth cell. */
export type Cells = bigint;

/** What one policy does to each cell by itself. */
export interface Effect {
  /** The cells at whose end the policy isolates. */
  readonly isolated: Readonly<Record<Direction, Cells>>;
  /** Those of them that it allows. */
  readonly allowed: Readonly<Record<Direction, Cells>>;
}

/** The cells between pods and hosts, and what policies do to them. */
export interface Masks {
  readonly cells: readonly Probe[];
  effectOf(policy: NetworkPolicy): Effect;
  /** Cells that some policy asked about does not decide; known once all were asked. */
  undecided(): Cells;
}

const OTHER: Readonly<Record<Direction, Direction>> = { ingress: 'egress', egress: 'ingress' };

export const createMasks = (topology: Situation['topology']): Masks => {
  const model = modelOf({ topology, policies: [] });
  const ends = [...podsOf(topology), ...topology.hosts];
  const ports = ends.flatMap((end) => end.ports);
  const cells = [...eachProbeIn(topology, ['IPv4'])].filter(
    ({ from, to }) => from !== to && model.endpoints.has(from) && model.endpoints.has(to),
  );
  let undecided = 0n;
  const effectIn = (policy: NetworkPolicy, direction: Direction): readonly [isolated: Cells, allowed: Cells] => {
    // Alone and in one direction, it denies exactly what it isolates and does not allow.
    const { decideProbe } = reachability(withPolicies(model, [{ ...policy, [OTHER[direction]]: null }]), ports);
    const isSubject = new Map(
      [...model.endpoints.values()].map((end) => [end.name, isolates(policy, end, direction)] as const),
    );
    let [isolated, allowed] = [0n, 0n];
    for (const [at, probe] of cells.entries()) {
      if (!isSubject.get(direction === 'ingress' ? probe.to : probe.from)) continue;
      const bit = 1n << BigInt(at);
      isolated |= bit;
      const decision = decideProbe(probe);
      if (decision === 'allow') allowed |= bit;
      if (decision === 'unknown') undecided |= bit;
    }
    return [isolated, allowed];
  };
  return {
    cells,
    undecided: () => undecided,
    effectOf: (policy) => {
      const [ingress, egress] = DIRECTIONS.map((direction) => effectIn(policy, direction)) as [
        readonly [Cells, Cells],
        readonly [Cells, Cells],
      ];
      return {
        isolated: { ingress: ingress[0], egress: egress[0] },
        allowed: { ingress: ingress[1], egress: egress[1] },
      };
    },
  };
};

/** The cells that these policies together let through: in each direction some policy allows it, or none isolates. */
export const openCells = (effects: readonly Effect[], all: Cells): Cells => {
  const openIn = (direction: Direction): Cells => {
    let [isolated, allowed] = [0n, 0n];
    for (const effect of effects) {
      isolated |= effect.isolated[direction];
      allowed |= effect.allowed[direction];
    }
    return (all & ~isolated) | allowed;
  };
  return openIn('ingress') & openIn('egress');
};
