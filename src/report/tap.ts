/** The Test Anything Protocol, version 14: a test point for each step of a scenario, as it ends. */
import type { StepResult } from '../matrix/index.ts';
import { excerpt } from '../text.ts';
import { outcomeOf, outcomeText, tookMs } from './outcome.ts';
import type { CreateReporter } from './reporter.ts';
import { stepFindings } from './step-findings.ts';

const TEXT_CODE_POINTS = 500;
const FINDINGS_AT_MOST = 100;

export const createTap: CreateReporter = () => {
  let count = 0;
  return {
    onBegin: () => ['TAP version 14\n'],
    onStepEnd: (step, { name }) => {
      count += 1;
      return [pointText(step, count, step.name === name ? name : `${name}: ${step.name}`)];
    },
    onEnd: ({ problem }) => [
      ...(problem === undefined ? [] : [`Bail out! ${escaped(problem)}\n`]),
      `1..${count}${count === 0 ? ' # SKIP no scenario was run' : ''}\n`,
    ],
  };
};

const pointText = (step: StepResult, number: number, name: string): string => {
  const outcome = outcomeOf(step);
  const isOk = outcome === 'passed' || outcome === 'skipped';
  const reason = outcome === 'skipped' ? ` # SKIP ${escaped(outcomeText(step))}` : '';
  const point = `${isOk ? 'ok' : 'not ok'} ${number} - ${escaped(name)}${reason}\n`;
  return isOk ? point : point + diagnosticText(step, outcome);
};

/** YAML, of which every string in JSON is one. */
const diagnosticText = (step: StepResult, outcome: string): string => {
  const findings = stepFindings(step).flat().slice(0, FINDINGS_AT_MOST);
  const lines = [
    `message: ${JSON.stringify(excerpt(outcomeText(step), TEXT_CODE_POINTS))}`,
    `severity: ${outcome === 'error' ? 'error' : 'fail'}`,
    `duration_ms: ${tookMs(step).toFixed(3)}`,
    ...(findings.length > 0 ? ['findings:', ...findings.map((finding) => `  - ${JSON.stringify(finding)}`)] : []),
  ];
  return ['---', ...lines, '...'].map((one) => `  ${one}\n`).join('');
};

/** In a description, a number sign begins a directive, and a backslash escapes. */
const escaped = (text: string): string => excerpt(text, TEXT_CODE_POINTS).replace(/[\\#]/g, (sign) => `\\${sign}`);
