/** A matrix as SVG: rows are sources, columns destinations with their ports. */
import { excerpt } from '../text.ts';
import { CHARACTER, type Drawing, widest } from './svg-page.ts';
import { xmlTag, xmlText } from './xml.ts';

const ROW = 22;
const PADDING = 8;
const LABEL_CODE_POINTS = 60;
/** In a larger matrix only loud cells have a mark, because so many letters can't be read. */
const MARKED_AT_MOST = 4_000;

export interface DrawnCell {
  /** The class of its shape. */
  readonly look: string;
  readonly mark: string;
  /** Shown where the mouse is. */
  readonly meaning: string;
  readonly isLoud: boolean;
}

export interface DrawnMatrix {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Cells that are alike are the same object. */
  readonly cellAt: (row: number, column: number) => DrawnCell | undefined;
}

export const drawMatrix = ({ rows, columns, cellAt }: DrawnMatrix): Drawing => {
  const rowLabels = rows.map(labelOf);
  const columnLabels = columns.map(labelOf);
  const left = widest(rowLabels) + PADDING;
  const top = widest(columnLabels) + PADDING;
  const cells = rows.map((_, row) => columns.map((_, column) => cellAt(row, column)));
  const marks = new Set(cells.flatMap((own) => own.map((cell) => cell?.mark ?? '')));
  const step = Math.max(ROW, widest([...marks]) + PADDING);
  const isSmall = rows.length * columns.length <= MARKED_AT_MOST;
  return {
    width: left + columns.length * step,
    height: top + rows.length * ROW,
    parts: [
      ...columnLabels.map((label, at) => {
        const x = left + at * step + step / 2 + CHARACTER.height / 3;
        return `    ${xmlTag('text', { transform: `translate(${x} ${top - PADDING / 2}) rotate(-90)` })}${xmlText(label)}</text>\n`;
      }),
      ...cells.flatMap((own, row) => {
        const y = top + row * ROW;
        const baseline = y + ROW / 2 + CHARACTER.height / 3;
        return [
          `    ${xmlTag('text', { class: 'row', x: left - PADDING, y: baseline })}${xmlText(rowLabels[row] ?? '')}</text>\n`,
          ...runsIn(own).map(({ cell, first, length }) => {
            const box = { x: left + first * step, y, width: length * step - 1, height: ROW - 1 };
            return boxOf(cell, box);
          }),
          ...own.flatMap((cell, column) => {
            const place = { x: left + column * step + step / 2, y: baseline };
            return cell && (isSmall || cell.isLoud) ? [markAt(cell, place)] : [];
          }),
        ];
      }),
    ],
  };
};

/** What cells look like and mean, one below the other. */
export const drawLegend = (cells: readonly DrawnCell[]): Drawing => {
  const step = Math.max(ROW, widest(cells.map(({ mark }) => mark)) + PADDING);
  return {
    width: step + PADDING + widest(cells.map(({ meaning }) => meaning)),
    height: cells.length * ROW,
    parts: cells.flatMap((cell, at) => {
      const baseline = at * ROW + ROW / 2 + CHARACTER.height / 3;
      return [
        boxOf(cell, { x: 0, y: at * ROW, width: step - 1, height: ROW - 1 }),
        markAt(cell, { x: step / 2, y: baseline }),
        `    ${xmlTag('text', { class: 'key', x: step + PADDING, y: baseline })}${xmlText(cell.meaning)}</text>\n`,
      ];
    }),
  };
};

type Attributes = Readonly<Record<string, number>>;

const boxOf = ({ look, meaning }: DrawnCell, box: Attributes): string =>
  `    ${xmlTag('rect', { class: look, ...box })}<title>${xmlText(meaning)}</title></rect>\n`;

const markAt = ({ mark }: DrawnCell, place: Attributes): string =>
  `    ${xmlTag('text', { class: 'mark', ...place })}${xmlText(mark)}</text>\n`;

/** Cells that are alike and side by side are one rectangle. */
const runsIn = (cells: readonly (DrawnCell | undefined)[]) => {
  const runs: { readonly cell: DrawnCell; readonly first: number; length: number }[] = [];
  for (const [column, cell] of cells.entries()) {
    if (!cell) continue;
    const last = runs.at(-1);
    if (last && last.cell === cell && last.first + last.length === column) last.length += 1;
    else runs.push({ cell, first: column, length: 1 });
  }
  return runs;
};

const labelOf = (text: string): string => excerpt(text, LABEL_CODE_POINTS);
