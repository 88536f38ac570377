/** One matrix as SVG: rows are sources, columns destinations with their ports. */
import type { Cell } from '../matrix/index.ts';
import { excerpt } from '../text.ts';
import { widthOf } from '../width.ts';
import { type Look, lookOf, markOf, meaningOf } from './mark.ts';
import type { Picture } from './picture.ts';
import { xmlTag, xmlText } from './xml.ts';

/** Of the font, in pixels. */
export const CHARACTER = { width: 7.3, height: 12 };

const ROW = 22;
const PADDING = 8;
const LABEL_CODE_POINTS = 60;
/** In a larger matrix only what is not as it should be has a mark, because so many letters can't be read. */
const MARKED_AT_MOST = 4_000;

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly string[];
}

export const drawMatrix = (picture: Picture): Drawing => {
  const { rows, columns, looks } = picture;
  const rowLabels = rows.map(labelOf);
  const columnLabels = columns.map(({ to, head }) => labelOf(`${to} ${head}`));
  const left = widest(rowLabels) + PADDING;
  const top = widest(columnLabels) + PADDING;
  const marks = looks.map((cell) => (cell ? markOf(cell) : ''));
  const step = Math.max(ROW, widest(marks) + PADDING);
  const cellAt = cellsOf(picture);
  return {
    width: left + columns.length * step,
    height: top + rows.length * ROW,
    parts: [
      ...columnLabels.map((label, at) => {
        const x = left + at * step + step / 2 + CHARACTER.height / 3;
        return `    ${xmlTag('text', { transform: `translate(${x} ${top - PADDING / 2}) rotate(-90)` })}${xmlText(label)}</text>\n`;
      }),
      ...rowLabels.flatMap((label, row) => {
        const y = top + row * ROW;
        const baseline = y + ROW / 2 + CHARACTER.height / 3;
        return [
          `    ${xmlTag('text', { class: 'row', x: left - PADDING, y: baseline })}${xmlText(label)}</text>\n`,
          ...runsIn(columns.length, (column) => cellAt(row, column)).map(({ cell, first, length }) => {
            const box = { x: left + first * step, y, width: length * step - 1, height: ROW - 1 };
            return `    ${xmlTag('rect', { class: lookOf(cell), ...box })}<title>${xmlText(meaningOf(cell))}</title></rect>\n`;
          }),
          ...markedIn(picture, row).map(({ column, cell }) => {
            const place = { x: left + column * step + step / 2, y: baseline };
            return `    ${xmlTag('text', { class: 'mark', ...place })}${xmlText(markOf(cell))}</text>\n`;
          }),
        ];
      }),
    ],
  };
};

/** Cells that look alike and are side by side are one rectangle. */
const runsIn = (count: number, cellAt: (column: number) => Cell | undefined) => {
  const runs: { readonly cell: Cell; readonly first: number; length: number }[] = [];
  for (let column = 0; column < count; column += 1) {
    const cell = cellAt(column);
    if (!cell) continue;
    const last = runs.at(-1);
    if (last && last.cell === cell && last.first + last.length === column) last.length += 1;
    else runs.push({ cell, first: column, length: 1 });
  }
  return runs;
};

const LOUD: ReadonlySet<Look> = new Set(['wrong', 'broken']);

const cellsOf = ({ columns, looks, places }: Picture) => {
  return (row: number, column: number): Cell | undefined => looks[places[row * columns.length + column] ?? 0];
};

const markedIn = (picture: Picture, row: number): readonly { readonly column: number; readonly cell: Cell }[] => {
  const { columns, places } = picture;
  const cellAt = cellsOf(picture);
  const isSmall = places.length <= MARKED_AT_MOST;
  return columns.flatMap((_, column) => {
    const cell = cellAt(row, column);
    return cell && (isSmall || LOUD.has(lookOf(cell))) ? [{ column, cell }] : [];
  });
};

const labelOf = (text: string): string => excerpt(text, LABEL_CODE_POINTS);

const widest = (texts: readonly string[]): number =>
  Math.ceil(texts.reduce((most, text) => Math.max(most, widthOf(text)), 0) * CHARACTER.width);
