/**
 * The matrix as an ARIA grid of which only the visible part exists, because it may have a million cells:
 * https://www.w3.org/WAI/ARIA/apg/patterns/grid/
 */
/** @import {PageStep} from '../page-data.ts' */
/** @import {View} from './view.js' */
import { lookAt, partsOf } from './data.js';
import { element } from './elements.js';

const CELL_WIDTH = 42;
const ROW_HEIGHT = 28;
/** Rows and columns beyond what is visible, so that scrolling shows no gap. */
const MARGIN = 4;
/** A page that is printed shows whole matrices up to this many cells. */
const PRINTED_AT_MOST = 10_000;
/** Enough for a wide font; names that are longer are cut. */
const CHARACTER_WIDTH = 8.2;

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
  set(body, { width: `${width}px`, height: `${height}px` });
  set(frame, { '--names': `${size.names}px`, '--heads': `${size.heads}px` });

  const corner = element('div', { role: 'columnheader', class: 'corner', 'aria-colindex': 1 }, [
    element('span', { class: 'corner-from' }, ['from']),
    element('span', { class: 'corner-to' }, ['to']),
  ]);
  const head = element('div', { role: 'row', class: 'head', 'aria-rowindex': 1 }, [corner]);
  body.append(head);
  /** @type {Map<number, HTMLElement>} */
  const heads = new Map();
  /** @type {Map<number, {readonly row: HTMLElement, readonly cells: Map<number, HTMLElement>}>} */
  const lines = new Map();
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
    set(made, { left: `${size.names + column * CELL_WIDTH}px` });
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
    set(made, { top: `${size.heads + row * ROW_HEIGHT}px` });
    return { row: made, cells: new Map() };
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
    set(made, { left: `${size.names + column * CELL_WIDTH}px` });
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
    for (const [row, line] of lines)
      if (!part.row.includes(row)) {
        line.row.remove();
        lines.delete(row);
      }
    for (const row of part.row) {
      const line = lines.get(row) ?? lineAt(row);
      if (!lines.has(row)) {
        lines.set(row, line);
        insert(body, line.row, [...lines].filter(([other]) => other > row).toSorted(([a], [b]) => a - b)[0]?.[1].row);
      }
      keep(line.cells, part.column, line.row, (column) => cellAt(row, column));
    }
  };

  /** @param {number} row @param {number} column */
  const activate = (row, column) => {
    lines.get(active.row)?.cells.get(active.column)?.setAttribute('tabindex', '-1');
    active = { row, column };
    draw();
    lines.get(row)?.cells.get(column)?.setAttribute('tabindex', '0');
  };

  const scrollToActive = () => {
    const [top, left] = [active.row * ROW_HEIGHT, active.column * CELL_WIDTH];
    const visible = { height: frame.clientHeight - size.heads, width: frame.clientWidth - size.names };
    frame.scrollTop = within(frame.scrollTop, top + ROW_HEIGHT - visible.height + 4, top);
    frame.scrollLeft = within(frame.scrollLeft, left + CELL_WIDTH - visible.width + 4, left);
  };

  const focus = () => {
    draw();
    lines.get(active.row)?.cells.get(active.column)?.focus({ preventScroll: true });
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

/**
 * The mark of what was seen, and smaller the one of what was expected; `≠` between them if they differ.
 * @param {PageStep['looks'][number]} look
 */
export const marksOf = ({ status, mark, wanted, disagrees }) => [
  element('span', { class: 'seen', 'aria-hidden': 'true' }, [mark]),
  ...(status === 'mismatch' ? [element('span', { class: 'differs', 'aria-hidden': 'true' }, ['≠'])] : []),
  ...(wanted === '' ? [] : [element('span', { class: 'wanted', 'aria-hidden': 'true' }, [wanted])]),
  ...(disagrees ? [element('span', { class: 'disagrees', 'aria-hidden': 'true' }, ['!'])] : []),
];

/** @param {PageStep} step @param {View} view */
const sizesOf = (step, { rows, columns }) => {
  /** @param {View['rows']} lines */
  const longest = (lines) =>
    lines.reduce(
      (most, { end, members }) => Math.max(most, (step.ends[end] ?? '').length + (members.length > 1 ? 5 : 0)),
      4,
    );
  const most = Math.min(260, Math.max(110, Math.floor(document.documentElement.clientWidth * 0.36)));
  const port = step.heads.reduce((longestHead, head) => Math.max(longestHead, head.length), 0);
  return {
    names: Math.min(most, Math.ceil(longest(rows) * CHARACTER_WIDTH) + 20),
    heads: Math.min(240, Math.ceil((longest(columns) + port + 1) * CHARACTER_WIDTH) + 20),
  };
};

/**
 * @param {HTMLElement} target
 * @param {Readonly<Record<string, string>>} properties
 */
const set = (target, properties) => {
  for (const [name, value] of Object.entries(properties)) target.style.setProperty(name, value);
};

/**
 * @param {number} first
 * @param {number} end
 * @param {number} count
 * @param {number} extra
 */
const range = (first, end, count, extra) => {
  const [low, high] = [Math.max(0, first), Math.min(count, end)];
  const all = Array.from({ length: Math.max(0, high - low) }, (_, index) => low + index);
  if (extra < low && extra >= 0 && extra < count) return [extra, ...all];
  return extra >= high && extra < count ? [...all, extra] : all;
};

/**
 * Makes what is missing, in the order of `wanted`, and removes what is not wanted any more.
 * @param {Map<number, HTMLElement>} existing
 * @param {readonly number[]} wanted
 * @param {HTMLElement} parent
 * @param {(at: number) => HTMLElement} make
 */
const keep = (existing, wanted, parent, make) => {
  const [first = 0, last = 0] = [wanted[0], wanted.at(-1)];
  for (const [at, made] of existing)
    if (at < first || at > last || (wanted.length < last - first + 1 && !wanted.includes(at))) {
      made.remove();
      existing.delete(at);
    }
  /** @type {HTMLElement | undefined} */
  let next;
  for (const at of wanted.toReversed()) {
    const made = existing.get(at) ?? make(at);
    if (!existing.has(at)) {
      existing.set(at, made);
      insert(parent, made, next);
    }
    next = made;
  }
};

/**
 * @param {HTMLElement} parent
 * @param {HTMLElement} child
 * @param {HTMLElement | undefined} next
 */
const insert = (parent, child, next) => void parent.insertBefore(child, next ?? null);

/** @param {number} value @param {number} least @param {number} most */
const within = (value, least, most) => Math.max(least, Math.min(value, Math.max(least, most)));
