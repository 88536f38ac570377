/** The scenarios that a command line asks for. */
import { PodreachError } from '../../errors.ts';
import { scenarioTookMs } from '../../report/index.ts';
import { fullAllowance, type LeftOut, loadScenarios, type Scenario } from '../../scenario/index.ts';
import { plural, quoted } from '../../text.ts';
import type { ChoiceFlags } from '../flags/index.ts';
import { leftOutNote, scenarioPaths } from '../scenarios/index.ts';
import type { Terminal } from '../terminal/index.ts';
import { keyOf, lastFailed } from './last-results.ts';
import { type Sharding, select } from './select.ts';

/** The flags of a command whose scenarios several machines may share. */
export interface ShardFlags extends Pick<Sharding, 'shard'> {
  /** A JSON report of an earlier run. */
  readonly shardTimes?: string;
}

/** Loads and selects, and says what was selected by something that the command line does not show. */
export const chosenScenarios = async (
  given: readonly string[],
  flags: ChoiceFlags & ShardFlags,
  { openStdin, progress }: Pick<Terminal, 'openStdin' | 'progress'>,
  onRead?: (file: string) => void,
): Promise<readonly Scenario[]> => {
  const { namespace, passWithNoTests = false, shard, shardTimes, lastFailed: isLastFailed } = flags;
  if (shardTimes !== undefined && !shard)
    throw new PodreachError('--shard-times has no effect without --shard', { hint: 'add --shard 1/3' });
  const tookMs = shardTimes === undefined ? undefined : await timesOf(shardTimes);
  const paths = await scenarioPaths(given, passWithNoTests);
  const allowance = { ...fullAllowance(), ...(onRead && { onRead }) };
  const onLeftOut = (left: readonly LeftOut[]): void => {
    for (const note of leftOutNote(left)) progress.note(note);
  };
  const all = paths.length > 0 ? await loadScenarios(paths, { openStdin, namespace, allowance, onLeftOut }) : [];
  const { shard: _, ...selection } = flags;
  const named = select(all, selection);
  const focused = all.filter(({ only }) => only);
  if (focused.length > 0 && focused.length < all.length)
    progress.note(
      `only ${focused.length} of ${plural(all.length, 'scenario')}: ${quoted(focused[0]?.name)} has \`only: true\``,
      'important',
    );
  const due = isLastFailed ? await failedAmong(named, progress) : named;
  return select(due, { ...(shard && { shard }), ...(tookMs && { tookMs }) });
};

const failedAmong = async (scenarios: readonly Scenario[], progress: Terminal['progress']) => {
  const failed = await lastFailed(scenarios);
  if (!failed)
    throw new PodreachError('--last-failed: no run in this folder is known', {
      hint: 'run without it first; `podreach run` keeps the results of each folder in its cache',
    });
  progress.note(
    failed.length === 0
      ? 'no scenario of these failed when it last ran'
      : `${failed.length} of ${plural(scenarios.length, 'scenario')} did not pass when last run`,
    'important',
  );
  return failed;
};

/** How long scenarios took in an earlier run, by its JSON report. */
const timesOf = async (file: string): Promise<NonNullable<Sharding['tookMs']>> => {
  const { readRunFile } = await import('../run-file.ts');
  const { result } = await readRunFile(file);
  const times = new Map(result.scenarios.map((scenario) => [keyOf(scenario), scenarioTookMs(scenario)]));
  return (scenario) => times.get(keyOf(scenario));
};
