import type { Cell, RunResult, ScenarioResult, StepResult } from '../matrix/index.ts';
import { probeKey } from '../scenario/index.ts';
import { comparedJson } from './compare/json.ts';
import { decidersIn } from './details/deciders.ts';
import { explanationsIn } from './details/explanations.ts';
import { policyTextsIn } from './details/policy-texts.ts';
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
const scenarioObject = (scenario: ScenarioResult) => ({
  name: scenario.name,
  intent: scenario.intent,
  tags: scenario.tags,
  file: scenario.file,
  status: scenario.status,
  timings: scenario.timings,
  warnings: (scenario.warnings ?? []).map(({ rule, file: at, line, column, message, hint }) => ({
    rule,
    file: at,
    line,
    column,
    message,
    hint,
  })),
  notes: (scenario.notes ?? []).map((note) => ({ ...note, message: noteText(note) })),
  policies: notEmpty(policyTextsIn(scenario)),
  steps: scenario.steps.values().map(stepObject),
});

const stepObject = (step: StepResult) => {
  const { name, status, timings, agreement, sampled, recording, evidence, cells, repeat } = step;
  const { problem, hint } = wordsOf(step);
  return {
    ...{ name, status, problem, hint, timings, agreement, sampled, recording, evidence },
    explanations: notEmpty(explanationsIn(step)),
    deciders: decidersIn(step),
    cells: cells.values().map((cell) => cellObject(cell, repeat?.size ? repeat.get(probeKey(cell)) : undefined)),
  };
};

const notEmpty = <Item>(items: readonly Item[] | undefined): readonly Item[] | undefined =>
  items && items.length > 0 ? items : undefined;

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
