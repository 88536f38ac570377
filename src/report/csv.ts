/** A line for each cell (RFC 4180), for spreadsheets and data bases. */
import type { Cell, ScenarioHead, StepResult } from '../matrix/index.ts';
import { printable } from '../text.ts';
import type { CreateReporter } from './reporter.ts';

const COLUMNS = [
  ...['scenario', 'step', 'from', 'to', 'port', 'protocol', 'family', 'status', 'expected', 'observed', 'model'],
  ...['flaky', 'attempts', 'detail'],
] as const;

export const createCsv: CreateReporter = () => ({ onBegin: () => [line(COLUMNS)], onStepEnd: stepLines });

function* stepLines({ name, cells }: StepResult, scenario: ScenarioHead): Generator<string> {
  for (const cell of cells) yield line([scenario.name, name, ...valuesOf(cell)]);
}

const valuesOf = ({ from, to, port, protocol, family, status, expected, observed, model, observation }: Cell) => [
  ...[from, to, port, protocol, family, status, expected, observed, model],
  ...[observation?.flaky ?? false, observation?.attempts ?? 0, observation?.detail],
];

type Value = string | number | boolean | null | undefined;

const line = (values: readonly Value[]): string => `${values.map(field).join(',')}\r\n`;

/**
 * A spreadsheet runs what begins like a formula; an apostrophe makes it text. GitHub runs a line that begins with colons;
 * a quote before them makes it text.
 */
const field = (value: Value): string => {
  const text = printable(`${value ?? ''}`);
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",]|^[\s:]|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
