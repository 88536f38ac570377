/** The Test Anything Protocol, version 14. */
import { excerpt } from '../text.ts';
import type { Outcome } from './outcome.ts';

const TEXT_CODE_POINTS = 500;
const FINDINGS_AT_MOST = 100;

export const TAP_VERSION = 'TAP version 14\n';

export interface TapPoint {
  readonly number: number;
  readonly name: string;
  readonly outcome: Outcome;
  readonly message: string;
  readonly tookMs?: number;
  /** Printable; unused if it is ok. */
  readonly findings: readonly string[];
}

export const pointText = (point: TapPoint): string => {
  const { number, name, outcome, message } = point;
  const isOk = outcome === 'passed' || outcome === 'skipped';
  const reason = outcome === 'skipped' ? ` # SKIP ${tapText(message)}` : '';
  const line = `${isOk ? 'ok' : 'not ok'} ${number} - ${tapText(name)}${reason}\n`;
  return isOk ? line : line + diagnosticText(point);
};

export const planText = (count: number): string => `1..${count}${count === 0 ? ' # SKIP no scenario was run' : ''}\n`;

/** YAML, of which every string in JSON is one. */
const diagnosticText = ({ outcome, message, tookMs, findings: all }: TapPoint): string => {
  const findings = all.slice(0, FINDINGS_AT_MOST);
  const lines = [
    `message: ${JSON.stringify(excerpt(message, TEXT_CODE_POINTS))}`,
    `severity: ${outcome === 'error' ? 'error' : 'fail'}`,
    ...(tookMs === undefined ? [] : [`duration_ms: ${tookMs.toFixed(3)}`]),
    ...(findings.length > 0 ? ['findings:', ...findings.map((finding) => `  - ${JSON.stringify(finding)}`)] : []),
  ];
  return ['---', ...lines, '...'].map((one) => `  ${one}\n`).join('');
};

/** In a description, a number sign begins a directive, and a backslash escapes. */
export const tapText = (text: string): string =>
  excerpt(text, TEXT_CODE_POINTS).replace(/[\\#]/g, (sign) => `\\${sign}`);
