import type { RunResult, ScenarioResult } from '../matrix/index.ts';
import { comparedJson } from './compare/json.ts';
import { policyTextsIn } from './details/policy-texts.ts';
import { notEmpty, stepObject } from './json-step.ts';
import { jsonParts } from './json-text.ts';
import { noteText } from './note.ts';
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

const scenarioObject = (scenario: ScenarioResult) => ({
  ...outlineOf(scenario),
  steps: scenario.steps.values().map(stepObject),
});

/** A scenario in podreach/run/v1, without its steps. Undefined keys are left out, so optional ones need no condition. */
export const outlineOf = (scenario: ScenarioResult) => ({
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
});
