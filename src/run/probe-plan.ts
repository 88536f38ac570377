import type { ExistingPod, Way } from '../attach/index.ts';
import type { ScenarioHead } from '../matrix/index.ts';
import type { RepeatOptions } from '../probe/index.ts';
import type { ExpectedProbe, Probe } from '../scenario/index.ts';

/** What to probe, as the user confirmed it. */
export interface ProbePlan {
  readonly context: string;
  readonly namespaces: readonly string[];
  readonly pods: readonly ExistingPod[];
  /** How each pod is made a source, by endpoint. */
  readonly ways: ReadonlyMap<string, Way>;
  readonly probes: readonly Probe[];
  readonly image: string;
  /** How long it is watched after that, if it is. */
  readonly watchMs?: number;
  /** The name of the ephemeral containers, unique to this run. */
  readonly container: string;
  /** How long a probe may wait for an answer. */
  readonly timeoutMs: number;
  /** How often a cell is tried again that broke or changed. */
  readonly retries: number;
  /** How often the matrix is taken. */
  readonly repeatEach: number;
  /** A flaky cell fails even if nothing is expected of it. */
  readonly failOnFlaky: boolean;
  /** How kubectl reaches the cluster. */
  readonly repeat?: RepeatOptions;
  /** What is expected of the pods; not expected yet if `-u` is to write it. */
  readonly expectation?: { readonly file: string; readonly expected: readonly ExpectedProbe[] | null };
}

/** Stands for a scenario, because existing pods come from no file; what is expected of them may. */
export const headOfProbe = ({ namespaces, context, expectation }: ProbePlan): ScenarioHead => ({
  name: `${namespaces.join(', ')} in ${context}`,
  file: expectation?.file ?? '',
});
