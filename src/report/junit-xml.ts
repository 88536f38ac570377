/** JUnit XML as Jenkins' xUnit plug-in (junit-10.xsd) and GitLab read it. */
import { excerpt, printable } from '../text.ts';
import type { Outcome } from './outcome.ts';
import { xmlTag, xmlText } from './xml.ts';

const NAME_CHARACTERS = 500;
const MESSAGE_CHARACTERS = 1_000;
/** GitLab shows a few lines, and reads reports of many megabytes slowly. */
const TEXT_CHARACTERS = 20_000;

export interface JunitCase {
  readonly name: string;
  readonly className: string;
  readonly tookMs?: number;
  readonly outcome: Outcome;
  readonly message: string;
  /** Printable; unused if it passed. */
  readonly lines: readonly string[];
  /** A file that Jenkins and GitLab attach to the case. */
  readonly attachment?: string;
}

export interface JunitSuite {
  readonly name: string;
  readonly file?: string;
  readonly tookMs?: number;
  readonly cases: readonly JunitCase[];
}

const ELEMENTS: Readonly<Record<Exclude<Outcome, 'passed'>, string>> = {
  failed: 'failure',
  error: 'error',
  skipped: 'skipped',
};

export function* junitText(suites: readonly JunitSuite[], tookMs?: number): Generator<string> {
  const { skipped: _, ...counts } = countsOf(suites.flatMap(({ cases }) => cases));
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `${xmlTag('testsuites', { name: 'podreach', ...counts, ...timeOf(tookMs) })}\n`;
  for (const suite of suites) yield suiteText(suite);
  yield '</testsuites>\n';
}

const suiteText = ({ name, file, tookMs, cases }: JunitSuite): string => {
  const open = xmlTag('testsuite', {
    name: excerpt(name, NAME_CHARACTERS),
    ...countsOf(cases),
    ...(file !== undefined && { file: printable(file) }),
    ...timeOf(tookMs),
  });
  return `  ${open}\n${cases.map(caseText).join('')}  </testsuite>\n`;
};

const caseText = ({ name, className, tookMs, outcome, message: whole, lines, attachment }: JunitCase): string => {
  const names = { name: excerpt(name, NAME_CHARACTERS), classname: excerpt(className, NAME_CHARACTERS) };
  const open = xmlTag('testcase', { ...names, ...timeOf(tookMs) });
  if (outcome === 'passed') return `    ${open}</testcase>\n`;
  const element = ELEMENTS[outcome];
  const message = excerpt(whole, MESSAGE_CHARACTERS);
  const text = lines.join('\n');
  const cut = text.length > TEXT_CHARACTERS ? `${text.slice(0, TEXT_CHARACTERS)}…` : text;
  const attached =
    attachment && `      <system-out>${xmlText(`[[ATTACHMENT|${printable(attachment)}]]`)}</system-out>\n`;
  const detail = `      ${xmlTag(element, { message, type: outcome })}${xmlText(cut)}</${element}>\n`;
  return `    ${open}\n${detail}${attached ?? ''}    </testcase>\n`;
};

const countsOf = (cases: readonly JunitCase[]) => {
  const count = (wanted: Outcome): number => cases.filter(({ outcome }) => outcome === wanted).length;
  return { tests: cases.length, failures: count('failed'), errors: count('error'), skipped: count('skipped') };
};

/** In seconds, with at least one digit before the point, without an exponent. */
const timeOf = (ms: number | undefined): { readonly time?: string } =>
  ms === undefined ? {} : { time: (ms / 1000).toFixed(3) };
