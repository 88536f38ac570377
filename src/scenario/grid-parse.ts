import { parsePort } from '../port.ts';
import { createNearest, quoted } from '../text.ts';
import { NOT_PROBED } from './grid-format.ts';
import { type Column, columnKey, columnsOf, EXPECTS, endOf, type Word, wordsOf } from './grid-words.ts';
import type { Expectation, ExpectedProbe, Topology } from './scenario.ts';
import { endsOf, portText, probeKey, probesOf, sourcesOf } from './topology.ts';

/** A problem in a grid; line and column are 1-based within its text. */
export interface GridProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface ParsedGrid {
  /** One entry for each probe except a pod's own, in the topology's order; null if there is a problem. */
  readonly expected: readonly ExpectedProbe[] | null;
  readonly problems: readonly GridProblem[];
}

type Tell = (place: Word, message: string) => void;

const marks: ReadonlyMap<string, Expectation | null | 'self' | 'not probed'> = new Map([
  ...EXPECTS,
  ['#', 'self'] as const,
  [NOT_PROBED, 'not probed'] as const,
]);

const ALL_MARKS = '. (allow), X (deny; D drop, R reject), * (nothing expected), # (a pod to itself) or - (not probed)';

/** The end and port of each column; null if it can't be determined. */
const readColumns = (
  destinations: readonly Word[],
  ports: readonly Word[],
  columns: readonly Column[],
  endpoints: readonly string[],
  tell: Tell,
): readonly (string | null)[] => {
  const seen = new Set<string>();
  const known = new Set(endpoints);
  const keys = new Set(columns.map(columnKey));
  const byEnd = Map.groupBy(columns, ({ to }) => to);
  const nearest = createNearest();
  const readColumn = (destination: Word, port: Word | undefined): string | null => {
    const to = destination.text;
    if (!known.has(to)) {
      tell(destination, `unknown destination ${quoted(to)}${nearest('endpoint', to, endpoints)}`);
      return null;
    }
    if (port === undefined) return null;
    const parsed = parsePort(port.text);
    const key = columnKey({ to, port: parsed ? portText(parsed) : port.text });
    if (!parsed || !keys.has(key)) {
      const near = nearest('port', port.text, byEnd.get(to)?.map((column) => column.port) ?? []);
      tell(port, `${to} has no port ${quoted(port.text)}${near}`);
      return null;
    }
    if (seen.has(key)) tell(destination, `duplicate column ${key}`);
    seen.add(key);
    return key;
  };
  const read = destinations.map((destination, at) => readColumn(destination, ports[at]));
  if (ports.length < destinations.length)
    tell(endOf(ports.length ? ports : destinations), `${destinations.length} destinations, but ${ports.length} ports`);
  for (const port of ports.slice(destinations.length)) tell(port, `no destination above ${quoted(port.text)}`);
  // Otherwise a misspelt column would be reported twice.
  if (!read.includes(null))
    for (const key of keys) if (!seen.has(key)) tell(endOf(destinations), `missing column ${key}`);
  return read;
};

interface Frame {
  readonly destinations: readonly Word[];
  readonly columns: readonly (string | null)[];
  readonly sources: readonly string[];
  readonly probed: ReadonlySet<string>;
}

const readRows = (
  rows: readonly (readonly Word[])[],
  { destinations, columns, sources, probed }: Frame,
  tell: Tell,
): ReadonlyMap<string, Expectation | null> => {
  const expectations = new Map<string, Expectation | null>();
  const readCell = (from: string, cell: Word, at: number): void => {
    const mark = marks.get(cell.text);
    const self = from === destinations[at]?.text;
    const column = columns[at];
    if (mark === undefined) tell(cell, `wrong mark ${quoted(cell.text)}: ${ALL_MARKS}`);
    else if (column === null) return;
    else if (!self && probed.has(`${from} > ${column}`) !== (mark !== 'not probed'))
      tell(cell, `wrong mark ${quoted(cell.text)}: ${NOT_PROBED} is only for what is not probed`);
    else if (self !== (mark === 'self'))
      tell(cell, `wrong mark ${quoted(cell.text)}: ${self ? 'a pod to itself is #' : '# is for a pod to itself'}`);
    else if (mark !== 'self' && mark !== 'not probed') expectations.set(`${from} > ${column}`, mark);
  };
  const seen = new Set<string>();
  const known = new Set(sources);
  const nearest = createNearest();
  let unknown = false;
  for (const row of rows) {
    const [source = endOf(row), ...cells] = row;
    if (!known.has(source.text)) {
      tell(source, `unknown source ${quoted(source.text)}${nearest('endpoint', source.text, sources)}`);
      unknown = true;
      continue;
    }
    if (seen.has(source.text)) tell(source, `duplicate row ${source.text}`);
    seen.add(source.text);
    cells.slice(0, columns.length).forEach((cell, at) => {
      readCell(source.text, cell, at);
    });
    if (cells.length < columns.length) tell(endOf(row), `${columns.length} columns, but ${cells.length} marks`);
    for (const cell of cells.slice(columns.length)) tell(cell, `no column above ${quoted(cell.text)}`);
  }
  if (!unknown)
    for (const endpoint of sources)
      if (!seen.has(endpoint)) tell(rows.at(-1)?.[0] ?? endOf(destinations), `missing row ${endpoint}`);
  return expectations;
};

/**
 * Reads a grid: a line of destinations, a line of their ports, then one row per source, all words separated by
 * whitespace. Rows and columns may come in any order, but each exactly once.
 */
export const parseGrid = (text: string, topology: Topology): ParsedGrid => {
  const problems: GridProblem[] = [];
  const tell: Tell = ({ line, column }, message) => {
    problems.push({ line, column, message });
  };
  const endpoints = endsOf(topology).map(({ endpoint }) => endpoint);
  const [destinations = [], ports = [], ...rows] = wordsOf(text);
  const columns = readColumns(destinations, ports, columnsOf(topology), endpoints, tell);
  const probed = new Set(probesOf(topology).map(probeKey));
  const sources = sourcesOf(topology).map(({ endpoint }) => endpoint);
  const expectations = readRows(rows, { destinations, columns, sources, probed }, tell);
  const expected = probesOf(topology).flatMap((probe) => {
    const expectation = expectations.get(probeKey(probe));
    return probe.from === probe.to || expectation === undefined ? [] : [{ ...probe, expectation }];
  });
  return { expected: problems.length > 0 ? null : expected, problems };
};
