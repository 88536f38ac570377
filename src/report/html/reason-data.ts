/** Why cells are as they are: explanations of the ones that need it, deciding rules of the others. */
import { agrees, type Cell, type CellExplanation, type Deciders, type DecidingSide } from '../../matrix/index.ts';
import { probeKey } from '../../scenario/index.ts';
import { excerpt, listed, printable } from '../../text.ts';
import { columnHead } from '../picture.ts';
import type { Allowance } from './allowance.ts';
import type { MatrixData } from './matrix-data.ts';
import type { PageDeciders, PageExplanation, PageSide } from './page-data.ts';
import type { PolicyData } from './policy-data.ts';

const LINE_CODE_POINTS = 1_000;
const LINES_AT_MOST = 80;
const NAMED_AT_MOST = 5;

/** What fits, in the order of the cells. */
export const explanationsOf = (
  cells: readonly Cell[],
  explanations: readonly CellExplanation[],
  positions: Uint32Array,
  { lineAt, allowance }: Pick<PolicyData, 'lineAt'> & { readonly allowance: Allowance },
): readonly PageExplanation[] => {
  const wanted = new Map(explanations.map((one) => [probeKey(one), one]));
  if (wanted.size === 0) return [];
  return cells.flatMap((cell, index) => {
    const one = NOTABLE.has(cell.status) || agrees(cell) === false ? wanted.get(probeKey(cell)) : undefined;
    if (!one) return [];
    const lines = linesOf(one.lines);
    const changes = linesOf(one.changes);
    const size = [...lines, ...changes].reduce((sum, line) => sum + line.length + 3, 100);
    if (!allowance.take(size)) return [];
    const places = one.places.flatMap(({ file, line }) => placeIn(lineAt(file, line)));
    return [{ cell: positions[index] as number, lines, changes, places }];
  });
};

/** No other cell is explained, and making a key for each of a million takes time. */
const NOTABLE: ReadonlySet<Cell['status']> = new Set(['mismatch', 'flaky', 'error', 'unknown']);

const linesOf = (lines: readonly string[]): readonly string[] =>
  lines.slice(0, LINES_AT_MOST).map((line) => excerpt(line, LINE_CODE_POINTS));

const placeIn = <Item>(item: Item | undefined): readonly Item[] => (item === undefined ? [] : [item]);

export const decidersOf = (
  deciders: Deciders,
  { ends, heads }: MatrixData,
  { lineAt }: PolicyData,
  allowance: Allowance,
): PageDeciders | undefined => {
  const classOf = new Map(deciders.classes.flatMap((names, id) => names.map((name) => [printable(name), id] as const)));
  const sides = deciders.sides.map(
    (side): PageSide => ({
      text: sideText(side),
      places: side.rules
        .slice(0, NAMED_AT_MOST)
        .flatMap(({ file, line }) => (file === undefined || line === undefined ? [] : placeIn(lineAt(file, line)))),
    }),
  );
  const headOf = new Map(heads.map((head, index) => [head, index]));
  const cells = deciders.cells.flatMap(({ from, to, sides: its, ...over }) => {
    const head = headOf.get(columnHead(over));
    return head === undefined ? [] : [[from, to, head, ...its]];
  });
  const size = sides.reduce((sum, { text }) => sum + text.length + 40, 0) + cells.length * 20 + ends.length * 4;
  return allowance.take(size) ? { classOf: ends.map((end) => classOf.get(end) ?? -1), sides, cells } : undefined;
};

/** `allowed by rule 1 of prod/web (k8s/web.yaml:9)` */
const sideText = ({ direction, decision, policies, rules }: DecidingSide): string => {
  if (policies.length === 0) return `allowed, no policy selects it for ${direction}`;
  const by = rules.map(
    ({ policy, number, file, line }) => `rule ${number} of ${policy}${file === undefined ? '' : ` (${file}:${line})`}`,
  );
  const selecting = `selected by ${listed(policies, NAMED_AT_MOST)}`;
  if (decision === 'allow') return printable(by.length > 0 ? `allowed by ${listed(by, NAMED_AT_MOST)}` : 'allowed');
  if (decision === 'deny') return printable(`denied: ${selecting}, of which no rule lets it through`);
  return printable(`undecided: ${by.length > 0 ? `it may be let through by ${listed(by, NAMED_AT_MOST)}` : selecting}`);
};
