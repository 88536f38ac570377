import type { Direction, NetworkPolicy, Path } from '../policy.ts';
import type { Topology } from './topology.ts';

/** Something in a policy that is valid, and most likely not what its author meant. */
export interface Warning {
  /** kebab-case; docs/lint.md has a section for each. */
  readonly rule: string;
  readonly policy: NetworkPolicy;
  /** What in the policy's manifest it is about. */
  readonly path: Path;
  /** One line: what is, and what to do. */
  readonly message: string;
  /** More on what to do, to paste where that is possible. */
  readonly hint?: string;
}

export type Finding = Omit<Warning, 'policy'>;

/** Looks at one policy among the pods that there are. */
export type Check = (policy: NetworkPolicy, topology: Topology) => readonly Finding[];

export const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];
