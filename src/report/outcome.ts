/** What became of a step, for formats that know four outcomes. */
import type { CellStatus, ScenarioResult, StepResult } from '../matrix/index.ts';
import { startStatus } from '../record/index.ts';
import { plural } from '../text.ts';
import { flowCounts, flowFindings } from './established.ts';
import { faultCounts } from './recording.ts';
import { wordsOf } from './remark.ts';
import { startFaultCounts } from './starts.ts';

/** A mismatch or a flaky cell fails; what broke is an error; what this host or the specification can't decide is skipped. */
export type Outcome = 'passed' | 'failed' | 'error' | 'skipped';

export const outcomeOf = (step: StepResult): Outcome => {
  const { status, cells, problem, starts } = step;
  if (status === 'pass') return 'passed';
  if (status === 'fail') return 'failed';
  if (status === 'unjudged') return 'skipped';
  const present = new Set(cells.map((cell) => cell.status));
  const isBroken =
    problem !== undefined ||
    cells.length === 0 ||
    BROKEN.some((one) => present.has(one)) ||
    (starts !== undefined && startStatus(starts) === 'error') ||
    flowFindings(step).some(({ broken }) => broken !== undefined);
  return isBroken ? 'error' : 'skipped';
};

const BROKEN: readonly CellStatus[] = ['error', 'unknown'];

const WORDS: readonly (readonly [CellStatus, string])[] = [
  ['mismatch', 'not as expected'],
  ['flaky', 'flaky'],
  ['error', 'broken'],
  ['unknown', 'unknown to the model'],
  ['unsupported', 'unsupported on this host'],
  ['open', 'undefined by the specification'],
  ['unjudged', 'without an expectation'],
];

/** Why a step did not pass, on one line: what broke it, otherwise what was enforced too late, how pods started and the cells that count. Not printable yet. */
export const outcomeText = (step: StepResult): string => {
  const { problem } = wordsOf(step);
  const counts = WORDS.map(
    ([status, words]) => [step.cells.filter((cell) => cell.status === status).length, words] as const,
  )
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${plural(count, 'cell')} ${words}`);
  return (
    [...(problem === undefined ? [] : [problem]), ...measuredCounts(step), ...counts].join('; ') ||
    'no cell could be judged'
  );
};

/** What is wrong with what was measured beside the matrix: times, new pods, open connections. */
export const measuredCounts = (step: StepResult): readonly string[] => [
  ...faultCounts(step),
  ...startFaultCounts(step),
  ...flowCounts(step),
];

/** Why a scenario did not pass, on one line. Of several steps each that did not says so, by its name. Not printable yet. */
export const scenarioOutcomeText = ({ status, steps }: Pick<ScenarioResult, 'status' | 'steps'>): string => {
  const wrong = steps.filter((step) => step.status === 'fail' || step.status === 'error');
  const telling = wrong.length > 0 ? wrong : steps.filter((step) => step.status === status).slice(0, 1);
  return telling.map((step) => `${steps.length > 1 ? `${step.name}: ` : ''}${outcomeText(step)}`).join('; ');
};

/** The time that a step took, in ms. */
export const tookMs = ({ timings }: Pick<StepResult, 'timings'>): number =>
  timings.totalMs ?? Object.values(timings).reduce((sum, ms) => sum + ms, 0);

/** The time that a scenario took with its steps, in ms. */
export const scenarioTookMs = ({ timings, steps }: Pick<ScenarioResult, 'timings' | 'steps'>): number =>
  timings.totalMs ?? steps.reduce((sum, step) => sum + tookMs(step), tookMs({ timings }));
