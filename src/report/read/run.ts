/** Reads what json.ts writes. */
import { PodreachError } from '../../errors.ts';
import type { Cell, RunResult, StepResult } from '../../matrix/index.ts';
import { bareProbe, probeKey } from '../../scenario/index.ts';
import { excerpt, kindOf, quoted } from '../../text.ts';
import { SCHEMA } from '../json.ts';
import { type CellShape, runShape, type StepShape } from './run-shape.ts';

/** The run that a value from a JSON report describes. Throws a PodreachError that says why it is none. */
export const readRun = (value: unknown): RunResult => {
  requireSchema(value);
  const read = runShape.safeParse(value);
  if (!read.success) throw new PodreachError(`${SCHEMA} has another form: ${firstIssue(read.error.issues)}`);
  const { scenarios, ...run } = read.data;
  return { ...run, scenarios: scenarios.map((scenario) => ({ ...scenario, steps: scenario.steps.map(readStep) })) };
};

const requireSchema = (value: unknown): void => {
  const { schema } = Object(value) as { schema?: unknown };
  if (schema === SCHEMA) return;
  if (typeof schema !== 'string' || !schema.startsWith('podreach/'))
    throw new PodreachError(
      `it is not a report of podreach, but ${schema === undefined ? kindOf(value) : 'something else'}`,
      {
        hint: REPORTS,
      },
    );
  const [, kind = ''] = schema.split('/');
  throw new PodreachError(`it is ${quoted(schema)}, not ${quoted(SCHEMA)}`, { hint: HINTS.get(kind) ?? REPORTS });
};

const REPORTS = 'reports are written by `podreach run --reporter json=run.json`';

const HINTS: ReadonlyMap<string, string> = new Map([
  ['run', 'use the version of podreach that wrote it, or write it again'],
  ['compare', 'of a comparison write another report: `podreach compare --reporter html=compare.html`'],
]);

const firstIssue = ([issue]: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]): string =>
  issue ? excerpt(`${issue.path.map(String).join('.')}: ${issue.message}`, 300) : 'unknown';

const readStep = ({ cells, ...step }: StepShape): StepResult => {
  const repeat = new Map(cells.flatMap((cell) => (cell.repeat === undefined ? [] : [[probeKey(cell), cell.repeat]])));
  return { ...step, cells: cells.map(readCell), ...(repeat.size > 0 && { repeat }) };
};

const readCell = ({ flaky, attempts, detail, tally, repeat: _, ...cell }: CellShape): Cell => {
  const { observed } = cell;
  const tries = { flaky, attempts, detail, ...(tally && { tally }) };
  return { ...cell, observation: observed === null ? null : { ...bareProbe(cell), verdict: observed, ...tries } };
};
