import type { Cell, RunResult, ScenarioResult, StepResult } from '../matrix/index.ts';
import { probeKey } from '../scenario/index.ts';
import { comparedJson } from './compare/json.ts';
import { jsonParts } from './json-text.ts';
import { noteText } from './note.ts';
import { wordsOf } from './remark.ts';
import type { CreateReporter } from './reporter.ts';

/** The name of the contract, which changes if a reader of the old one would break. */
export const SCHEMA = 'podreach/run/v1';

/**
 * The run for machines, as schema/run.json describes it. It is indented, and characters that could control a terminal
 * are escaped. It comes in parts, a cell at a time, because a large matrix is longer than a string can be.
 */
export const json = ({ scenarios, timings, problem, hint, predicted, shard }: RunResult): Iterable<string> =>
  jsonParts({
    ...{ schema: SCHEMA, problem, hint, predicted, shard, timings },
    scenarios: scenarios.values().map(scenarioObject),
  });

export const createJson: CreateReporter = () => ({ onEnd: json, onCompared: comparedJson });

// Undefined keys are left out, so optional ones need no condition here.
const scenarioObject = ({ name, intent, tags, file, status, timings, steps, warnings, notes }: ScenarioResult) => ({
  name,
  intent,
  tags,
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
  const { name, status, timings, agreement, sampled, cells, repeat } = step;
  const { problem, hint } = wordsOf(step);
  const objects = cells.values().map((cell) => cellObject(cell, repeat?.get(probeKey(cell))));
  return { name, status, problem, hint, timings, agreement, sampled, cells: objects };
};

const cellObject = (cell: Cell, repeat: string | undefined) => {
  const { from, to, port, protocol, family, status, expected, observed, model, observation } = cell;
  const { exempt, backendsDiffer, sticky, lookupUnknown } = cell;
  return {
    ...{ from, to, port, protocol, family, status, expected, observed, model },
    ...{ exempt, backendsDiffer, sticky, lookupUnknown },
    flaky: observation?.flaky ?? false,
    attempts: observation?.attempts ?? 0,
    detail: observation?.detail ?? '',
    repeat,
  };
};
