import type { Expectation, Topology } from './scenario.ts';
import { endsOf, portText } from './topology.ts';

/** A word of a grid and its place in the text, 1-based. */
export interface Word {
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** A port of an end, which one column of the grid is about. */
export interface Column {
  readonly to: string;
  readonly port: string;
}

/** The columns of a matrix: every port of every end, in the topology's order. */
export const columnsOf = (topology: Topology): readonly Column[] =>
  endsOf(topology).flatMap(({ endpoint, ports }) => ports.map((port) => ({ to: endpoint, port: portText(port) })));

/** The mark for each expectation, and for none. */
const MARKS: ReadonlyMap<Expectation | null, string> = new Map([
  ['allow', '.'],
  ['deny', 'X'],
  ['drop', 'D'],
  ['reject', 'R'],
  [null, '*'],
]);

export const markFor = (expectation: Expectation | null): string => MARKS.get(expectation) as string;

/** What each mark expects. */
export const EXPECTS: ReadonlyMap<string, Expectation | null> = new Map([...MARKS].map(([one, mark]) => [mark, one]));

export const columnKey = ({ to, port }: Column): string => `${to} ${port}`;

/** The words of each non-empty line. */
export const wordsOf = (text: string): readonly (readonly Word[])[] =>
  text
    .split(/\r?\n/)
    .map((row, at) => [...row.matchAll(/\S+/g)].map((m) => ({ text: m[0], line: at + 1, column: m.index + 1 })))
    .filter((words) => words.length > 0);

/** The place after the last word of a line. */
export const endOf = (words: readonly Word[]): Word => {
  const { text, line, column } = words.at(-1) ?? { text: '', line: 1, column: 1 };
  return { text: '', line, column: column + text.length };
};
