import type { NetworkPolicy, Path } from '../policy.ts';
import type { Topology } from './topology.ts';

/** Something in a policy that is valid but most likely a mistake. */
export interface Warning {
  /** kebab-case; docs/lint.md has a section for each. */
  readonly rule: string;
  readonly policy: NetworkPolicy;
  /** The part of the policy's manifest that it is about. */
  readonly path: Path;
  /** One line: what is wrong, and what to do. */
  readonly message: string;
  /** More about what to do, as text to paste where possible. */
  readonly hint?: string;
}

export type Finding = Omit<Warning, 'policy'>;

/** Checks one policy against the pods of the topology. */
export type Check = (policy: NetworkPolicy, topology: Topology) => readonly Finding[];
