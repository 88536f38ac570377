import type { CellStatus, RunResult, ScenarioResult, StepResult, Timings } from '../matrix/index.ts';
import { agreementLines } from './agreement.ts';
import { type Colours, coloursOf } from './colours.ts';
import { sumTimings, timingsText } from './duration.ts';
import { causeLines, differenceLines, disagreementLines } from './finding.ts';
import { gridLines } from './grid.ts';
import { legend } from './mark.ts';
import { printable, printableLines } from './printable.ts';
import type { CreateReporter, ReporterOptions } from './reporter.ts';
import { STATUS_WORDS, statusText, summaryLines } from './summary.ts';

const INDENT = '  ';
const DEFAULT_WIDTH = 100;

/**
 * The run for people: each scenario with its matrix, whatever came of it, what differs with a command to repeat it, and
 * the summary last, where it is still seen when the output has scrolled. All text is printable and on its own lines.
 */
export const terminal = (result: RunResult, options: ReporterOptions): string => {
  const blocks = result.scenarios.map((scenario) => scenarioText(scenario, result.predicted ?? false, options));
  return [...blocks, summaryText(result, options)].join('');
};

/** The same, each scenario as it ends. */
export const createTerminal: CreateReporter = (options) => {
  let isPredicted = false;
  return {
    onBegin: ({ predicted = false }) => {
      isPredicted = predicted;
    },
    onScenarioEnd: (scenario) => scenarioText(scenario, isPredicted, options),
    onEnd: (result) => summaryText(result, options),
  };
};

const summaryText = (result: RunResult, { colour }: ReporterOptions): string =>
  [...summaryLines(result, coloursOf(colour)), ''].join('\n');

const scenarioText = (
  scenario: ScenarioResult,
  isPredicted: boolean,
  { colour, width = DEFAULT_WIDTH }: ReporterOptions,
): string => {
  const note = isPredicted ? '  (predicted, nothing was probed)' : '';
  return [...scenarioLines(scenario, note, width, coloursOf(colour)), '', ''].join('\n');
};

const scenarioLines = (scenario: ScenarioResult, note: string, width: number, colours: Colours): string[] => {
  const { name, intent, status, steps } = scenario;
  const timings = sumTimings(
    scenario.timings,
    steps.map((step) => step.timings),
  );
  return [
    `${statusText(status, STATUS_WORDS[status], colours)}  ${colours.bold(printable(name))}${note}${inBrackets(timings)}`,
    ...(intent === undefined ? [] : indented(printableLines(intent))),
    ...(steps.length === 0 ? ['', `${INDENT}no step was run`] : []),
    ...steps.flatMap((step, index) => [
      ...(steps.length > 1 ? ['', stepHeading(step, index + 1, steps.length, colours)] : []),
      ...stepSections(step, width - INDENT.length, colours).flatMap((lines) => ['', ...indented(lines)]),
    ]),
  ];
};

const stepHeading = ({ name, status, timings }: StepResult, number: number, of: number, colours: Colours): string => {
  const word = statusText(status, STATUS_WORDS[status], colours);
  return `${INDENT}${word}  step ${number} of ${of}: ${printable(name)}${inBrackets(timings)}`;
};

/** The parts of a step that have something to say: the picture, its legend, and what is wrong. */
const stepSections = (step: StepResult, width: number, colours: Colours): string[][] => {
  const { cells } = step;
  const sections = [
    cells.length === 0 ? [] : gridLines(cells, width, colours),
    legend(cells, width),
    agreementLines(step),
    problemLines(step),
    differenceLines(step),
    disagreementLines(step),
    causeLines(cells, 'error'),
    causeLines(cells, 'unknown'),
    causeLines(cells, 'unsupported'),
  ];
  return sections.filter((lines) => lines.length > 0);
};

/** With one of these it is not for want of a judgement that a step is an error. */
const TELLING: readonly CellStatus[] = ['match', 'mismatch', 'flaky', 'error', 'unknown'];

const problemLines = ({ status, cells, problem, hint }: StepResult): string[] => {
  const unproven = status === 'error' && !cells.some((cell) => TELLING.includes(cell.status));
  const what = problem ?? (unproven ? 'no cell could be judged, so nothing is proven' : undefined);
  return [...labelled('error', what), ...labelled('hint', hint)];
};

const labelled = (label: string, text: string | undefined): string[] =>
  text === undefined
    ? []
    : printableLines(text).map((line, index) => (index === 0 ? `${label}: ${line}` : `${INDENT}${line}`));

const inBrackets = (timings: Timings): string => {
  const text = timingsText(timings);
  return text === '' ? '' : `  (${text})`;
};

const indented = (lines: readonly string[]): string[] => lines.map((line) => (line === '' ? '' : `${INDENT}${line}`));
