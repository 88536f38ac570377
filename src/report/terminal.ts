import type { RunResult, ScenarioResult, StepResult, Timings } from '../matrix/index.ts';
import { printable, printableLines } from '../text.ts';
import { wrapped } from '../wrap.ts';
import { type Colours, coloursOf } from './colours.ts';
import { comparedText } from './compare/terminal.ts';
import { sumTimings, timingsText } from './duration.ts';
import { inSection } from './log-section.ts';
import { matrixSections, type View } from './matrix-sections.ts';
import type { CreateReporter, ReporterOptions } from './reporter.ts';
import { rolloutText } from './rollout/text.ts';
import { stepFindings } from './step-findings.ts';
import { STATUS_WORDS, statusText, summaryLines } from './summary.ts';

const INDENT = '  ';
const DEFAULT_WIDTH = 100;

/**
 * The run for people: each scenario with its matrix and its differences, with a command to repeat each, and
 * the summary last, where it is still visible after scrolling. All text is printable and on its own lines.
 */
export const terminal = (result: RunResult, options: ReporterOptions): string => {
  const blocks = result.scenarios.map((scenario) => scenarioText(scenario, result.predicted ?? false, options));
  return [...blocks, summaryText(result, options)].join('');
};

/** The same, with each scenario printed as it ends. */
export const createTerminal: CreateReporter = (options) => {
  let isPredicted = false;
  let count = 0;
  const { sections } = options;
  return {
    onBegin: ({ predicted = false }) => {
      isPredicted = predicted;
    },
    onScenarioEnd: (scenario) => {
      const text = scenarioText(scenario, isPredicted, options);
      count += 1;
      const head = headLine(scenario, noteOf(isPredicted), coloursOf(false));
      const section = { id: `podreach_${count}`, head, isFolded: scenario.status === 'pass' };
      return sections ? inSection(text, section, sections) : text;
    },
    onEnd: (result) => summaryText(result, options),
    onCompared: (result, rollout) =>
      comparedText(result, options) + (rollout ? `\n${rolloutText(rollout, options)}` : ''),
  };
};

const summaryText = (result: RunResult, { colour }: ReporterOptions): string =>
  [...summaryLines(result, coloursOf(colour)), ''].join('\n');

const scenarioText = (
  scenario: ScenarioResult,
  isPredicted: boolean,
  { colour, width: known, full }: ReporterOptions,
): string => {
  const width = (known ?? DEFAULT_WIDTH) - INDENT.length;
  // A report in a file or a log has one line for each fact.
  const fold = (line: string) => wrapped(line, known && width);
  const view = { width, colours: coloursOf(colour), fold, ...(full && { full }) };
  return [...scenarioLines(scenario, noteOf(isPredicted), view), '', ''].join('\n');
};

const noteOf = (isPredicted: boolean): string => (isPredicted ? '  (predicted, nothing was probed)' : '');

interface TextView extends View {
  /** Breaks a line of text between words. */
  readonly fold: (line: string) => string[];
}

const scenarioLines = (scenario: ScenarioResult, note: string, view: TextView): string[] => {
  const { intent, steps } = scenario;
  const { colours, fold } = view;
  return [
    headLine(scenario, note, colours),
    ...(intent === undefined ? [] : indented(printableLines(intent).flatMap(fold))),
    ...(steps.length === 0 ? ['', `${INDENT}no step was run`] : []),
    ...steps.flatMap((step, index) => [
      ...(steps.length > 1 ? ['', stepHeading(step, index + 1, steps.length, colours)] : []),
      ...stepSections(step, steps[index - 1], view).flatMap((lines) => ['', ...indented(lines)]),
    ]),
  ];
};

const headLine = ({ name, status, steps, timings }: ScenarioResult, note: string, colours: Colours): string => {
  const all = sumTimings(
    timings,
    steps.map((step) => step.timings),
  );
  return `${statusText(status, STATUS_WORDS[status], colours)}  ${colours.bold(printable(name))}${note}${inBrackets(all)}`;
};

const stepHeading = ({ name, status, timings }: StepResult, number: number, of: number, colours: Colours): string => {
  const word = statusText(status, STATUS_WORDS[status], colours);
  return `${INDENT}${word}  step ${number} of ${of}: ${printable(name)}${inBrackets(timings)}`;
};

/** One step, without its heading and without colours: the picture, its legend, and what is wrong. */
export const stepText = (step: StepResult, before?: StepResult): string => {
  const view = { width: DEFAULT_WIDTH, colours: coloursOf(false), fold: (line: string) => [line] };
  return stepSections(step, before, view)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
};

/** The non-empty parts of a step: the picture, its legend, and what is wrong. */
const stepSections = (step: StepResult, before: StepResult | undefined, view: TextView): string[][] => {
  const { cells } = step;
  const text = stepFindings(step, before);
  // The command that repeats a probe is there to be copied.
  const commands = new Set([...(step.repeat?.values() ?? [])].map((command) => `${INDENT}${printable(command)}`));
  const folded = text.map((lines) => lines.flatMap((line) => (commands.has(line) ? [line] : view.fold(line))));
  const sections = [...matrixSections(cells, view), ...folded];
  return sections.filter((lines) => lines.length > 0);
};

const inBrackets = (timings: Timings): string => {
  const text = timingsText(timings);
  return text === '' ? '' : `  (${text})`;
};

const indented = (lines: readonly string[]): string[] => lines.map((line) => (line === '' ? '' : `${INDENT}${line}`));
