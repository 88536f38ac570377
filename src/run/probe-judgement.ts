import { type Attachment, familiesOf, type LivePolicies, topologyOf } from '../attach/index.ts';
import { type Cell, judge, predict, type StepResult, statusOf, whyOf } from '../matrix/index.ts';
import { type Observation, repeatInPod } from '../probe/index.ts';
import { type ExpectedProbe, expectedIn, probeKey } from '../scenario/index.ts';
import type { ProbePlan } from './probe-plan.ts';

type Judged = Pick<StepResult, 'cells' | 'status'> & Partial<Pick<StepResult, 'repeat' | 'why' | 'situation'>>;

/**
 * What was seen, judged by what is expected of these pods, with a command that repeats each cell that differs. If the
 * policies are known, also with what the specification says about it.
 */
export const judgeExisting = (
  plan: ProbePlan,
  expected: readonly ExpectedProbe[],
  observations: readonly Observation[],
  { attachment, live }: { readonly attachment: Attachment; readonly live: LivePolicies | null },
): Judged => {
  const { pods, probes } = plan;
  const families = familiesOf(pods);
  const wanted = expectedIn(expected, probes, families);
  if (!live) {
    const cells = judge(wanted, observations, [], plan);
    return { cells, status: statusOf(cells), repeat: repeatCommands(cells, plan, attachment) };
  }
  const situation = {
    topology: topologyOf(pods, live.labels),
    policies: live.policies,
    families,
    addresses: new Map(pods.map(({ endpoint, addresses }) => [endpoint, addresses])),
  };
  const cells = judge(wanted, observations, predict(situation), plan);
  const repeat = repeatCommands(cells, plan, attachment);
  return { cells, status: statusOf(cells), repeat, why: whyOf(cells, situation), situation };
};

const repeatCommands = (
  cells: readonly Cell[],
  { image, repeat }: ProbePlan,
  { endpoints, ownTools }: Attachment,
): ReadonlyMap<string, string> =>
  new Map(
    cells.flatMap((cell): readonly [string, string][] => {
      const from = endpoints.get(cell.from);
      const to = endpoints.get(cell.to);
      if ((cell.status !== 'mismatch' && cell.status !== 'flaky') || !from || !to) return [];
      return [[probeKey(cell), repeatInPod(cell, from, to, { ...repeat, image, ownTool: ownTools.get(cell.from) })]];
    }),
  );
