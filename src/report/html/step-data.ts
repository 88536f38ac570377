/** A step as the page draws it. */
import {
  agrees,
  type Cell,
  type CellExplanation,
  type Flips,
  flipsSince,
  type StepResult,
} from '../../matrix/index.ts';
import { printable, printableLines } from '../../text.ts';
import { agreementLines } from '../agreement.ts';
import { decidersIn } from '../details/deciders.ts';
import { timingsText } from '../duration.ts';
import { flowFindingLines } from '../established.ts';
import { evidenceLines } from '../evidence.ts';
import { repeatedLines } from '../flake.ts';
import { lateLines } from '../late.ts';
import { faultLines, remainderLines } from '../recording.ts';
import { wordsOf } from '../remark.ts';
import { sampledLines } from '../sampled.ts';
import { startFaultLines } from '../starts.ts';
import { STATUS_WORDS } from '../summary.ts';
import type { Allowances } from './allowance.ts';
import { enforcementOf } from './enforcement-data.ts';
import { establishedOf } from './established-data.ts';
import { evidenceOf } from './evidence-data.ts';
import { placed } from './matrix-data.ts';
import type { PageStep } from './page-data.ts';
import type { PolicyData } from './policy-data.ts';
import { decidersOf, explanationsOf } from './reason-data.ts';
import { startsOf } from './starts-data.ts';

const FINDINGS_AT_MOST = 2_000;
const FLIPS_AT_MOST = 500;

export interface ExplainedStep {
  readonly step: StepResult;
  readonly explanations: readonly CellExplanation[];
}

export const stepData = (
  { step, explanations: all }: ExplainedStep,
  before: StepResult | undefined,
  policies: PolicyData,
  allowances: Allowances,
): PageStep => {
  const { matrix, positions } = placed(step.cells.map(withPrintableEnds));
  const { isComplete, ...evidence } = evidenceOf(step, positions, allowances.evidence);
  const explanations = explanationsOf(step.cells, all, positions, {
    lineAt: policies.lineAt,
    allowance: allowances.explanations,
  });
  const known = decidersIn(step);
  const deciders = known && decidersOf(known, matrix, policies, allowances.deciders);
  const findings = findingsIn(step.cells);
  return {
    ...{ name: printable(step.name), status: step.status, word: STATUS_WORDS[step.status] },
    times: timingsText(step.timings),
    messages: messagesOf(step),
    ...matrix,
    findings: findings.slice(0, FINDINGS_AT_MOST).map((index) => positions[index] as number),
    findingCount: findings.length,
    ...(before && { flips: flipsOf(flipsSince(before, step), step.cells, positions) }),
    measured: [enforcementOf(step), establishedOf(step), startsOf(step)].filter((one) => one !== undefined),
    ...evidence,
    explanations,
    ...(deciders && { deciders }),
    omitted: [
      ...(isComplete
        ? []
        : [
            'This page is too small for what the tools said about each cell: it has that of the first 1,000 that are not as expected; the JSON report has all.',
          ]),
      ...(explanations.length < all.length
        ? ['Some explanations did not fit into this page; the JSON report has them.']
        : []),
      ...(step.cells.length === 0 || deciders
        ? []
        : ['This page does not say which rules decide the cells that are as expected; `podreach explain` does.']),
    ],
  };
};

/** Names of ends are what the page shows, and what it is asked for in a link. */
const withPrintableEnds = (cell: Cell): Cell => {
  const [from, to] = [printable(cell.from), printable(cell.to)];
  return from === cell.from && to === cell.to ? cell : { ...cell, from, to };
};

const RANKS: readonly ((cell: Cell) => boolean)[] = [
  ({ status }) => status === 'mismatch',
  ({ status }) => status === 'flaky',
  ({ status }) => status === 'error',
  ({ status }) => status === 'unknown',
  (cell) => agrees(cell) === false && cell.status !== 'mismatch',
];

const findingsIn = (cells: readonly Cell[]): readonly number[] =>
  RANKS.flatMap((isRanked) =>
    cells
      .keys()
      .filter((index) => isRanked(cells[index] as Cell))
      .toArray(),
  );

const messagesOf = (step: StepResult): readonly string[] => {
  const { problem, hint } = wordsOf(step);
  return [
    ...(problem === undefined ? [] : printableLines(problem).map((line) => `error: ${line}`)),
    ...(hint === undefined ? [] : printableLines(hint).map((line) => `hint: ${line}`)),
    ...faultLines(step),
    ...lateLines(step),
    ...remainderLines(step),
    ...flowFindingLines(step),
    ...startFaultLines(step),
    ...sampledLines(step),
    ...agreementLines(step),
    ...repeatedLines(step),
    ...evidenceLines(step),
  ];
};

const flipsOf = (
  { opened, closed }: Flips,
  cells: readonly Cell[],
  positions: Uint32Array,
): NonNullable<PageStep['flips']> => {
  const indexOf = new Map(cells.map((cell, index) => [cell, index]));
  return Object.entries({ opened, closed }).map(([word, flipped]) => ({
    ...{ word, count: flipped.length },
    cells: flipped.slice(0, FLIPS_AT_MOST).map((cell) => positions[indexOf.get(cell) as number] as number),
  }));
};
