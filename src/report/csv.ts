/** A line for each cell, for spreadsheets and data bases. */
import type { Cell, ScenarioHead, StepResult } from '../matrix/index.ts';
import { comparedCsv } from './compare/csv.ts';
import { csvLine } from './csv-line.ts';
import { detailOf } from './flake.ts';
import type { CreateReporter } from './reporter.ts';

const COLUMNS = [
  ...['scenario', 'step', 'from', 'to', 'port', 'protocol', 'family', 'status', 'expected', 'observed', 'model'],
  ...['flaky', 'attempts', 'detail'],
] as const;

export const createCsv: CreateReporter = () => ({
  onBegin: ({ compared }) => (compared ? [] : [csvLine(COLUMNS)]),
  onStepEnd: stepLines,
  onCompared: comparedCsv,
});

function* stepLines({ name, cells }: StepResult, scenario: ScenarioHead): Generator<string> {
  for (const cell of cells) yield csvLine([scenario.name, name, ...valuesOf(cell)]);
}

const valuesOf = ({ from, to, port, protocol, family, status, expected, observed, model, observation }: Cell) => [
  ...[from, to, port, protocol, family, status, expected, observed, model],
  ...[observation?.flaky ?? false, observation?.attempts ?? 0, observation && detailOf(observation)],
];
