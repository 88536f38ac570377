/** Markdown for GITHUB_STEP_SUMMARY and for a comment on a pull request. */
import type { RunResult, ScenarioResult } from '../matrix/index.ts';
import { plural } from '../text.ts';
import { coloursOf } from './colours.ts';
import { comparedBlocks } from './compare/markdown.ts';
import { type Block, code, fitted, pre } from './markdown-text.ts';
import { scenarioOutcomeText } from './outcome.ts';
import type { CreateReporter } from './reporter.ts';
import { stepFindings } from './step-findings.ts';
import { STATUS_WORDS, summaryLines } from './summary.ts';

const FINDINGS_AT_MOST = 40;

export const createMarkdown: CreateReporter = () => ({
  onEnd: (result) => fitted(runBlocks(result)),
  onCompared: (result) => fitted(comparedBlocks(result)),
});

/** What did not pass comes first. */
const RANK: Readonly<Record<ScenarioResult['status'], number>> = { error: 0, fail: 1, unjudged: 2, pass: 3 };

const runBlocks = (result: RunResult): readonly Block[] => {
  const { scenarios, problem } = result;
  const ranked = scenarios.toSorted((one, other) => RANK[one.status] - RANK[other.status]);
  const texts = [
    '### podreach\n\n',
    ...summaryLines(result, coloursOf(false)).map((line) => `${line}\n\n`),
    ...(problem === undefined ? [] : [`**error:** ${code(problem)}\n\n`]),
    ...(scenarios.length > 0 ? ['| | scenario | |\n| --- | --- | --- |\n'] : []),
    ...ranked.map(rowText),
    ...ranked.flatMap(findingsText),
  ];
  return texts.map((text) => ({ text }));
};

const rowText = ({ name, status, steps }: ScenarioResult): string => {
  const why = status === 'pass' || steps.length === 0 ? '' : code(scenarioOutcomeText({ status, steps }));
  return `| ${STATUS_WORDS[status]} | ${code(name)} | ${why} |\n`;
};

const findingsText = ({ name, status, steps }: ScenarioResult): readonly string[] => {
  const lines = status === 'pass' ? [] : steps.flatMap((step) => stepFindings(step).flat());
  if (lines.length === 0) return [];
  const shown = lines.slice(0, FINDINGS_AT_MOST);
  const more = lines.length > shown.length ? `\nand ${plural(lines.length - shown.length, 'more line')}\n` : '';
  return [`\n<details><summary>${code(name)}</summary>\n\n${pre(shown)}${more}\n</details>\n`];
};
