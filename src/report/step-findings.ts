/** What is to say about a step besides its picture, as lines that are printable. */
import { type CellStatus, flipsSince, type StepResult } from '../matrix/index.ts';
import { printableLines } from '../text.ts';
import { agreementLines } from './agreement.ts';
import { flowFindingLines, flowLines } from './established.ts';
import { evidenceLines } from './evidence.ts';
import { causeLines, differenceLines, disagreementLines, flipLines } from './finding.ts';
import { repeatedLines } from './flake.ts';
import { lateLines } from './late.ts';
import { faultLines, recordingLines } from './recording.ts';
import { wordsOf } from './remark.ts';
import { sampledLines } from './sampled.ts';
import { startFaultLines, startLines } from './starts.ts';

const INDENT = '  ';

/**
 * Sections of lines, some of them empty: what changed since the step before and how fast, how the matrix was taken, what broke it, what
 * differs, what is not known.
 */
export const stepFindings = (step: StepResult, before?: StepResult): readonly (readonly string[])[] => [
  before ? flipLines(flipsSince(before, step)) : [],
  recordingLines(step),
  flowLines(step),
  startLines(step),
  sampledLines(step),
  agreementLines(step),
  repeatedLines(step),
  problemLines(step),
  faultLines(step),
  lateLines(step),
  flowFindingLines(step),
  startFaultLines(step),
  differenceLines(step),
  disagreementLines(step),
  causeLines(step.cells, 'error'),
  causeLines(step.cells, 'unknown'),
  causeLines(step.cells, 'unsupported'),
  evidenceLines(step),
];

/** If a cell has one of these, a step is an error for another reason than that nothing was judged. */
const TELLING: readonly CellStatus[] = ['match', 'mismatch', 'flaky', 'error', 'unknown'];

const problemLines = (step: StepResult): string[] => {
  const { status, cells } = step;
  const { problem, hint } = wordsOf(step);
  const unproven = status === 'error' && !cells.some((cell) => TELLING.includes(cell.status));
  const what = problem ?? (unproven ? 'no cell could be judged, so nothing is proven' : undefined);
  return [...labelled('error', what), ...labelled('hint', hint)];
};

const labelled = (label: string, text: string | undefined): string[] =>
  text === undefined
    ? []
    : printableLines(text).map((line, index) => (index === 0 ? `${label}: ${line}` : `${INDENT}${line}`));
