import type { Cell, RunResult, ScenarioResult, StepResult } from '../matrix/index.ts';
import { jsonParts } from './json-text.ts';
import { noteText } from './note.ts';
import { wordsOf } from './remark.ts';
import type { CreateReporter } from './reporter.ts';

/** The name of the contract: it changes when a reader of the old one would break. */
const SCHEMA = 'podreach/run/v1';

/**
 * The run for machines, as schema/run.json describes it; indented, in ASCII where a terminal could be steered. In parts,
 * a cell at a time, for a large matrix is longer than any string can be.
 */
export const json = ({ scenarios, timings, problem, hint }: RunResult): Iterable<string> =>
  jsonParts({ schema: SCHEMA, problem, hint, timings, scenarios: scenarios.values().map(scenarioObject) });

export const createJson: CreateReporter = () => ({ onEnd: json });

// Keys that are undefined are left out, so what is optional may be named here without a condition.
const scenarioObject = ({ name, intent, file, status, timings, steps, warnings, notes }: ScenarioResult) => ({
  name,
  intent,
  file,
  status,
  timings,
  warnings: (warnings ?? []).map(({ rule, file: at, line, column, message, hint }) => ({
    rule,
    file: at,
    line,
    column,
    message,
    hint,
  })),
  notes: (notes ?? []).map((note) => ({ ...note, message: noteText(note) })),
  steps: steps.values().map(stepObject),
});

const stepObject = (step: StepResult) => {
  const { name, status, timings, agreement, cells } = step;
  const { problem, hint } = wordsOf(step);
  return { name, status, problem, hint, timings, agreement, cells: cells.values().map(cellObject) };
};

const cellObject = ({ from, to, port, protocol, family, status, expected, observed, model, observation }: Cell) => ({
  from,
  to,
  port,
  protocol,
  family,
  status,
  expected,
  observed,
  model,
  flaky: observation?.flaky ?? false,
  attempts: observation?.attempts ?? 0,
  detail: observation?.detail ?? '',
});
