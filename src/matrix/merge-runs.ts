/** Joins the results of shards into that of the run they are parts of. */
import { PodreachError } from '../errors.ts';
import { listed, printable, quoted } from '../text.ts';
import type { RunResult, ScenarioResult, Shard, Timings } from './result.ts';

/** A result and the file that it was read from. */
export interface RunPart {
  readonly file: string;
  readonly result: RunResult;
}

/**
 * The parts as one run, with each scenario once, in the order of the parts. Parts of a run's time are added up, and `totalMs`
 * is that of the longest part. Throws a PodreachError if a shard is missing, if the same scenario has two results, or if one
 * part was predicted and another was run.
 */
export const mergeRuns = (parts: readonly RunPart[]): RunResult => {
  requireAllShards(parts);
  requireOneKind(parts);
  const problems = parts.flatMap(({ file, result: { problem } }) =>
    problem === undefined ? [] : [parts.length > 1 ? `${file}: ${problem}` : problem],
  );
  const hints = new Set(parts.flatMap(({ result: { hint } }) => hint ?? []));
  return {
    scenarios: mergeScenarios(parts),
    timings: mergeTimings(parts.map(({ result }) => result.timings)),
    ...(parts.some(({ result }) => result.predicted) && { predicted: true }),
    ...(problems.length > 0 && { problem: problems.join('\n') }),
    ...(hints.size > 0 && { hint: [...hints].join('\n') }),
  };
};

/** What a lost shard would have found is not known, so without it nothing passes. */
const requireAllShards = (parts: readonly RunPart[]): void => {
  const shards = parts.flatMap(({ file, result: { shard } }) => (shard ? [{ file, ...shard }] : []));
  const [first] = shards;
  if (!first) return;
  const other = shards.find(({ count }) => count !== first.count);
  if (other)
    throw new PodreachError(
      `${first.file} is ${shardText(first)} and ${other.file} is ${shardText(other)}, so they are not of one run`,
    );
  const present = new Set(shards.map(({ index }) => index));
  const lost = Array.from({ length: Math.min(first.count, MOST_SHARDS) }, (_, at) => at + 1)
    .filter((index) => !present.has(index))
    .map((index) => `${index}/${first.count}`);
  if (lost.length === 0) return;
  throw new PodreachError(`the report of ${lost.length === 1 ? 'shard' : 'shards'} ${listed(lost)} is missing`, {
    hint: 'what it would say is not known: name the reports of all shards',
  });
};

const MOST_SHARDS = 1_000;

const shardText = ({ index, count }: Shard): string => `shard ${index} of ${count}`;

const requireOneKind = (parts: readonly RunPart[]): void => {
  const withCells = parts.filter(({ result }) => result.scenarios.length > 0);
  const predicted = withCells.find(({ result }) => result.predicted);
  const seen = withCells.find(({ result }) => !result.predicted);
  if (predicted && seen)
    throw new PodreachError(`${predicted.file} was predicted, but ${seen.file} was run`, {
      hint: 'merge reports of `podreach run`, or reports of `podreach model`',
    });
};

const mergeScenarios = (parts: readonly RunPart[]): readonly ScenarioResult[] => {
  const kept = new Map<string, { readonly file: string; readonly scenario: ScenarioResult }>();
  for (const { file, result } of parts)
    for (const scenario of result.scenarios) {
      const key = JSON.stringify([scenario.file, scenario.name]);
      const before = kept.get(key);
      if (!before) kept.set(key, { file, scenario });
      else if (outcomeOf(before.scenario) !== outcomeOf(scenario))
        throw new PodreachError(
          `${quoted(scenario.name)} (${printable(scenario.file)}) has one result in ${before.file} and another in ${file}`,
          { hint: 'name one report for each scenario; of a run that was repeated, the last' },
        );
    }
  return [...kept.values()].map(({ scenario }) => scenario);
};

/** What is the same if a scenario is run twice and nothing changed: no times, and nothing that tools said. */
const outcomeOf = ({ status, steps }: ScenarioResult): string =>
  JSON.stringify([
    status,
    steps.map((step) => [
      ...[step.name, step.status, step.problem],
      step.cells.map(({ from, to, port, protocol, family, expected, observed, model, status: its }) => [
        ...[from, to, port, protocol, family, expected, observed, model, its],
      ]),
    ]),
  ]);

const mergeTimings = (all: readonly Timings[]): Timings => {
  const merged: Record<`${string}Ms`, number> = {};
  for (const [part, ms] of all.flatMap((one) => Object.entries(one) as [`${string}Ms`, number][])) {
    const before = merged[part] ?? 0;
    merged[part] = part === 'totalMs' ? Math.max(before, ms) : before + ms;
  }
  return merged;
};
