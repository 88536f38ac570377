/**
 * The matrix as an ARIA grid of which only the visible part exists, because it may have a million cells:
 * https://www.w3.org/WAI/ARIA/apg/patterns/grid/
 */
/** @import {PageStep} from '../page-data.ts' */
/** @import {View} from './view.js' */
import { lookAt, partsOf } from './data.js';
import { keep, range, setStyle, within } from './drawn.js';
import { element } from './elements.js';
import { marksOf } from './marks.js';
import { sizesOf } from './sizes.js';

const CELL_WIDTH = 42;
const ROW_HEIGHT = 28;
/** Rows and columns beyond what is visible, so that scrolling shows no gap. */
const MARGIN = 4;
/** A page that is printed shows whole matrices up to this many cells. */
const PRINTED_AT_MOST = 10_000;

/**
 * @typedef {object} Grid
 * @property {HTMLElement} element
 * @property {(row: number, column: number, options?: {readonly focus?: boolean}) => void} moveTo
 * @property {() => void} focus Returns to the cell where the keyboard was.
 * @property {(print: boolean) => void} showAll
 * @property {() => void} draw
 */

/**
 * @param {PageStep} step
 * @param {View} view
 * @param {(position: number, row: number, column: number) => void} open
 * @returns {Grid}
 */
export const createGrid = (step, view, open) => {
  const { rows, columns } = view;
  const size = sizesOf(step, view);
  const width = size.names + columns.length * CELL_WIDTH;
  const height = size.heads + rows.length * ROW_HEIGHT;
  const body = element('div', {
    role: 'grid',
    class: 'grid',
    'aria-label': `Reachability in ${step.name}: rows are sources, columns are destinations`,
    'aria-rowcount': rows.length + 1,
    'aria-colcount': columns.length + 1,
  });
  const frame = element('div', { class: 'frame' }, [body]);
  setStyle(body, { width: `${width}px`, height: `${height}px` });
  setStyle(frame, { '--names': `${size.names}px`, '--heads': `${size.heads}px` });

  const corner = element('div', { role: 'columnheader', class: 'corner', 'aria-colindex': 1 }, [
    element('span', { class: 'corner-from' }, ['from']),
    element('span', { class: 'corner-to' }, ['to']),
  ]);
  const head = element('div', { role: 'row', class: 'head', 'aria-rowindex': 1 }, [corner]);
  body.append(head);
  /** @type {Map<number, HTMLElement>} */
  const heads = new Map();
  /** @type {Map<number, HTMLElement>} */
  const lines = new Map();
  /** @type {WeakMap<HTMLElement, Map<number, HTMLElement>>} */
  const cells = new WeakMap();
  /** Lines between destinations help only where one has several ports. */
  const hasBands = columns.some(({ end }, at) => at > 0 && columns[at - 1]?.end === end);
  let active = { row: 0, column: 0 };
  let isWhole = false;

  /** @param {number} column */
  const headAt = (column) => {
    const line = columns[column];
    const [end = 0, at = 0] = (line && step.columns[line.at]) ?? [];
    const more = line && line.members.length > 1 ? ` +${line.members.length - 1}` : '';
    const name = `${step.ends[end] ?? ''}${more}`;
    const port = step.heads[at] ?? '';
    const isFirst = hasBands && column > 0 && columns[column - 1]?.end !== end;
    const made = element(
      'div',
      {
        role: 'columnheader',
        class: `column${isFirst ? ' first' : ''}`,
        'aria-colindex': column + 2,
        title: `to ${name} ${port}`,
      },
      [
        element('span', { class: 'name' }, [
          element('span', { class: 'port' }, [port]),
          element('span', { class: 'end' }, [name]),
        ]),
      ],
    );
    setStyle(made, { left: `${size.names + column * CELL_WIDTH}px` });
    return made;
  };

  /** @param {number} row */
  const lineAt = (row) => {
    const line = rows[row];
    const name = step.ends[line?.end ?? 0] ?? '';
    const more = line && line.members.length > 1 ? ` +${line.members.length - 1}` : '';
    const header = element(
      'div',
      { role: 'rowheader', class: 'name', 'aria-colindex': 1, title: `from ${name}${more}` },
      [element('span', { class: 'end' }, [name]), ...(more === '' ? [] : [element('span', { class: 'more' }, [more])])],
    );
    const made = element('div', { role: 'row', class: 'line', 'aria-rowindex': row + 2 }, [header]);
    setStyle(made, { top: `${size.heads + row * ROW_HEIGHT}px` });
    cells.set(made, new Map());
    return made;
  };

  /** @param {HTMLElement} line @returns {Map<number, HTMLElement>} */
  const cellsOf = (line) => cells.get(line) ?? new Map();
  const activeCell = () => {
    const line = lines.get(active.row);
    return line && cellsOf(line).get(active.column);
  };

  /** @param {number} row @param {number} column */
  const cellAt = (row, column) => {
    const position = view.positionAt(row, column);
    const look = lookAt(step, position);
    const index = step.looks.indexOf(look);
    const isFirst = hasBands && column > 0 && columns[column - 1]?.end !== columns[column]?.end;
    const faded = view.isFiltered && !view.wanted[index] ? ' faded' : '';
    const { from, to, head: port } = partsOf(step, position);
    const made = element(
      'div',
      {
        role: 'gridcell',
        class: `cell ${look.kind}${faded}${isFirst ? ' first' : ''}`,
        'aria-colindex': column + 2,
        'aria-label': look.label + (look.disagrees ? ', the CNI and the specification disagree' : ''),
        title: `${from} → ${to} ${port}: ${look.label}`,
        tabindex: row === active.row && column === active.column ? 0 : -1,
        'data-row': row,
        'data-column': column,
      },
      marksOf(look),
    );
    setStyle(made, { left: `${size.names + column * CELL_WIDTH}px` });
    return made;
  };

  /** The rows or columns to show: what is visible, and where the keyboard is. */
  const shown = () => {
    if (isWhole) return { row: [...rows.keys()], column: [...columns.keys()] };
    const top = Math.floor(frame.scrollTop / ROW_HEIGHT) - MARGIN;
    const left = Math.floor(frame.scrollLeft / CELL_WIDTH) - MARGIN;
    return {
      row: range(top, top + Math.ceil(frame.clientHeight / ROW_HEIGHT) + 2 * MARGIN, rows.length, active.row),
      column: range(left, left + Math.ceil(frame.clientWidth / CELL_WIDTH) + 2 * MARGIN, columns.length, active.column),
    };
  };

  const draw = () => {
    const part = shown();
    keep(heads, part.column, head, headAt);
    keep(lines, part.row, body, lineAt);
    for (const row of part.row) {
      const line = lines.get(row);
      if (line) keep(cellsOf(line), part.column, line, (column) => cellAt(row, column));
    }
  };

  /** @param {number} row @param {number} column */
  const activate = (row, column) => {
    activeCell()?.setAttribute('tabindex', '-1');
    active = { row, column };
    draw();
    activeCell()?.setAttribute('tabindex', '0');
  };

  const scrollToActive = () => {
    const [top, left] = [active.row * ROW_HEIGHT, active.column * CELL_WIDTH];
    const visible = { height: frame.clientHeight - size.heads, width: frame.clientWidth - size.names };
    frame.scrollTop = within(frame.scrollTop, top + ROW_HEIGHT - visible.height + 4, top);
    frame.scrollLeft = within(frame.scrollLeft, left + CELL_WIDTH - visible.width + 4, left);
  };

  const focus = () => {
    draw();
    activeCell()?.focus({ preventScroll: true });
  };

  /** @type {Grid['moveTo']} */
  const moveTo = (row, column, { focus: wantsFocus = true } = {}) => {
    activate(within(row, 0, rows.length - 1), within(column, 0, columns.length - 1));
    scrollToActive();
    draw();
    if (wantsFocus) focus();
  };

  const openActive = () => open(view.positionAt(active.row, active.column), active.row, active.column);

  /** How far a key moves, in rows and columns. */
  const page = () => Math.max(1, Math.floor((frame.clientHeight - size.heads) / ROW_HEIGHT) - 1);
  /** @type {Readonly<Record<string, (event: KeyboardEvent) => readonly [number, number]>>} */
  const keys = {
    ArrowUp: () => [active.row - 1, active.column],
    ArrowDown: () => [active.row + 1, active.column],
    ArrowLeft: () => [active.row, active.column - 1],
    ArrowRight: () => [active.row, active.column + 1],
    PageUp: () => [active.row - page(), active.column],
    PageDown: () => [active.row + page(), active.column],
    Home: ({ ctrlKey }) => [ctrlKey ? 0 : active.row, 0],
    End: ({ ctrlKey }) => [ctrlKey ? rows.length - 1 : active.row, columns.length - 1],
  };
  body.addEventListener('keydown', (event) => {
    const move = keys[event.key];
    if (move) moveTo(...move(event));
    else if (event.key === 'Enter' || event.key === ' ') openActive();
    else return;
    event.preventDefault();
  });
  body.addEventListener('click', ({ target }) => {
    const cell = target instanceof Element ? target.closest('[role=gridcell]') : null;
    if (!(cell instanceof HTMLElement)) return;
    activate(Number(cell.dataset.row), Number(cell.dataset.column));
    focus();
    openActive();
  });
  let isDue = false;
  frame.addEventListener('scroll', () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      draw();
    });
  });
  new ResizeObserver(draw).observe(frame);
  return {
    ...{ element: frame, moveTo, focus, draw },
    showAll: (print) => {
      isWhole = print && rows.length * columns.length <= PRINTED_AT_MOST;
      draw();
    },
  };
};
