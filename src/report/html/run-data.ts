/** A run as the page draws it. */
import type { RunResult, ScenarioResult } from '../../matrix/index.ts';
import { plural, printable, printableLines } from '../../text.ts';
import { coloursOf } from '../colours.ts';
import { explanationsIn } from '../details/explanations.ts';
import { policyTextsIn } from '../details/policy-texts.ts';
import { sumTimings, timingsText } from '../duration.ts';
import { noteText } from '../note.ts';
import { CELL_WORDS, STATUS_WORDS, summaryLines } from '../summary.ts';
import { type Allowances, createAllowances } from './allowance.ts';
import type { PageData, PageScenario } from './page-data.ts';
import { policiesOf } from './policy-data.ts';
import { type ExplainedStep, stepData } from './step-data.ts';

/** What did not pass comes first. */
const RANK: Readonly<Record<ScenarioResult['status'], number>> = { fail: 0, error: 1, unjudged: 2, pass: 3 };

export const runData = (run: RunResult): PageData => {
  const { scenarios, problem, hint, predicted = false } = run;
  const allowances = createAllowances();
  const ranked = scenarios.toSorted((one, other) => RANK[one.status] - RANK[other.status]);
  return {
    predicted,
    messages: [
      ...(predicted ? ['predicted, nothing was probed'] : []),
      ...(problem === undefined ? [] : printableLines(problem).map((line) => `error: ${line}`)),
      ...(hint === undefined ? [] : printableLines(hint).map((line) => `hint: ${line}`)),
    ],
    summary: summaryLines(run, coloursOf(false)),
    statuses: Object.entries(CELL_WORDS),
    scenarios: ranked.map((scenario) => scenarioData(scenario, allowances)),
  };
};

const scenarioData = (scenario: ScenarioResult, allowances: Allowances): PageScenario => {
  const { name, intent, file, status, warnings = [], notes = [], steps } = scenario;
  const explained = steps.map((step): ExplainedStep => ({ step, explanations: explanationsIn(step) }));
  const texts = policyTextsIn(scenario);
  const policies = policiesOf(texts, explained, allowances.policies);
  const missing = texts.length - policies.policies.length;
  const timings = sumTimings(
    scenario.timings,
    steps.map((step) => step.timings),
  );
  return {
    ...{ name: printable(name), file: printable(file), status, word: STATUS_WORDS[status] },
    intent: intent === undefined ? [] : printableLines(intent),
    times: timingsText(timings),
    warnings: warnings.map(({ file: at, line, column, message, rule, hint: help }) =>
      printable(`${at}:${line}:${column}: ${message} (${rule})${help === undefined ? '' : `; ${help}`}`),
    ),
    notes: notes.map((note) => printable(`${note.file}: ${noteText(note)}`)),
    policies: policies.policies,
    steps: explained.map((one, index) => stepData(one, steps[index - 1], policies, allowances)),
    omitted: missing > 0 ? [`The lines of ${plural(missing, 'policy', 'policies')} did not fit into this page.`] : [],
  };
};
