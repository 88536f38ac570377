/** What podreach knows about the agent of a CNI, for the evidence of a run. */

/** A pod whose rules are asked for, by the cluster's names. */
export interface RuledPod {
  readonly namespace: string;
  readonly pod: string;
}

export interface CniAgent {
  readonly name: string;
  /** Selects its pods, whatever their namespace. */
  readonly labelSelector: string;
  readonly container: string;
  /** Prints its rules, in the node. The last line must be `RULES_END`. */
  readonly rulesArgv: readonly string[];
  /** The lines of what that printed that matter to these pods. */
  rulesFor(printed: string, pods: readonly RuledPod[]): readonly string[];
}

/** `docker exec` sometimes truncates its output, without any sign of it. */
export const RULES_END = 'podreach: the end';
