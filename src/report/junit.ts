/** JUnit XML as Jenkins' xUnit plug-in (junit-10.xsd) and GitLab read it: a test case for each step of a scenario. */
import type { RunResult, ScenarioResult, StepResult } from '../matrix/index.ts';
import { excerpt, printable } from '../text.ts';
import { type Outcome, outcomeOf, outcomeText, scenarioTookMs, tookMs } from './outcome.ts';
import type { CreateReporter } from './reporter.ts';
import { stepFindings } from './step-findings.ts';

const NAME_CHARACTERS = 500;
const MESSAGE_CHARACTERS = 1_000;
/** GitLab shows a few lines, and reads reports of many megabytes slowly. */
const TEXT_CHARACTERS = 20_000;

const ELEMENTS: Readonly<Record<Exclude<Outcome, 'passed'>, string>> = {
  failed: 'failure',
  error: 'error',
  skipped: 'skipped',
};

export const createJunit: CreateReporter = () => ({ onEnd: junit });

function* junit({ scenarios, timings, problem }: RunResult): Generator<string> {
  const steps = scenarios.flatMap((scenario) => scenario.steps);
  const broken = problem === undefined ? 0 : 1;
  const { skipped: _, ...counts } = countsOf(steps, broken);
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `${tag('testsuites', { name: 'podreach', ...counts, time: seconds(timings.totalMs ?? 0) })}\n`;
  for (const scenario of scenarios) yield suiteText(scenario);
  if (problem !== undefined) yield runSuite(problem);
  yield '</testsuites>\n';
}

const suiteText = (scenario: ScenarioResult): string => {
  const { name, file, steps } = scenario;
  const open = tag('testsuite', {
    name: excerpt(name, NAME_CHARACTERS),
    ...countsOf(steps),
    file: printable(file),
    time: seconds(scenarioTookMs(scenario)),
  });
  return `  ${open}\n${steps.map((step) => caseText(step, name)).join('')}  </testsuite>\n`;
};

const caseText = (step: StepResult, scenario: string): string => {
  const outcome = outcomeOf(step);
  const names = { name: excerpt(step.name, NAME_CHARACTERS), classname: excerpt(scenario, NAME_CHARACTERS) };
  const open = tag('testcase', { ...names, time: seconds(tookMs(step)) });
  if (outcome === 'passed') return `    ${open}</testcase>\n`;
  const element = ELEMENTS[outcome];
  const message = excerpt(outcomeText(step), MESSAGE_CHARACTERS);
  const text = stepFindings(step).flat().join('\n');
  const cut = text.length > TEXT_CHARACTERS ? `${text.slice(0, TEXT_CHARACTERS)}…` : text;
  return `    ${open}\n      ${tag(element, { message, type: outcome })}${xmlText(cut)}</${element}>\n    </testcase>\n`;
};

/** What broke the run as a whole belongs to no scenario. */
const runSuite = (problem: string): string => {
  const message = excerpt(problem, MESSAGE_CHARACTERS);
  const suite = tag('testsuite', { name: 'podreach', tests: 1, failures: 0, errors: 1, skipped: 0 });
  const error = `${tag('error', { message, type: 'error' })}${xmlText(message)}</error>`;
  return `  ${suite}\n    ${tag('testcase', { name: 'the run', classname: 'podreach' })}\n      ${error}\n    </testcase>\n  </testsuite>\n`;
};

const countsOf = (steps: readonly StepResult[], broken = 0) => {
  const outcomes = steps.map(outcomeOf);
  const count = (wanted: Outcome): number => outcomes.filter((outcome) => outcome === wanted).length;
  const [failures, errors, skipped] = [count('failed'), count('error') + broken, count('skipped')];
  return { tests: steps.length + broken, failures, errors, skipped };
};

/** At least one digit before the point, without an exponent. */
const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const tag = (name: string, attributes: Readonly<Record<string, string | number>>): string =>
  `<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${xmlText(`${value}`)}"`)
    .join('')}>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What no XML document may contain (XML 1.0, 2.2 Char); line feeds and tabs stay. */
const NO_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

const xmlText = (text: string): string =>
  text.replace(NO_CHARACTER, '\u{FFFD}').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
