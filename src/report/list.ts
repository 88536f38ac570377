/** A line for each scenario, as it finishes. */
import type { ScenarioResult } from '../matrix/index.ts';
import { durationText } from '../stopwatch.ts';
import { excerpt, plural } from '../text.ts';
import { coloursOf } from './colours.ts';
import { comparedList } from './compare/list.ts';
import { scenarioOutcomeText, scenarioTookMs } from './outcome.ts';
import type { CreateReporter } from './reporter.ts';
import { STATUS_WORDS, statusText, summaryLines } from './summary.ts';

const TEXT_CODE_POINTS = 300;

export const createList: CreateReporter = ({ colour }) => {
  const colours = coloursOf(colour);
  return {
    onScenarioEnd: (scenario) => {
      const { name, status } = scenario;
      const word = statusText(status, STATUS_WORDS[status].padEnd(WIDTH), colours);
      return [`${word} ${excerpt(name, TEXT_CODE_POINTS)}${detailText(scenario)}\n`];
    },
    onCompared: (result) => comparedList(result, colours),
    onEnd: (result) => summaryLines(result, colours).map((line) => `${line}\n`),
  };
};

const WIDTH = Math.max(...Object.values(STATUS_WORDS).map(({ length }) => length));

/** ` (12 cells, 1.2 s): 1 cell not as expected` */
const detailText = (scenario: ScenarioResult): string => {
  const { status, steps } = scenario;
  const cells = steps.reduce((sum, step) => sum + step.cells.filter((cell) => cell.status !== 'self').length, 0);
  const ms = scenarioTookMs(scenario);
  const time = ms > 0 ? `, ${durationText(ms)}` : '';
  const why =
    status === 'pass' || steps.length === 0 ? '' : `: ${excerpt(scenarioOutcomeText(scenario), TEXT_CODE_POINTS)}`;
  return ` (${plural(cells, 'cell')}${time})${why}`;
};
