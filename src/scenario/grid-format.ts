import { PodreachError } from '../errors.ts';
import { columnKey, columnsOf, markFor } from './grid-words.ts';
import type { ExpectedProbe, Topology } from './scenario.ts';
import { probeKey, probesOf, sourcesOf } from './topology.ts';

/** Marks a pair of ends that is not probed, such as two hosts outside the cluster. */
export const NOT_PROBED = '-';

/**
 * Writes a grid that parseGrid reads back: aligned columns, two spaces between them, a newline at the end. Throws a
 * PodreachError if the matrix lacks a cell.
 */
export const formatGrid = (matrix: readonly ExpectedProbe[], topology: Topology): string => {
  const expectations = new Map(matrix.map((probe) => [probeKey(probe), probe.expectation]));
  const columns = columnsOf(topology);
  const probed = new Set(probesOf(topology).map(probeKey));
  const markAt = (cell: string): string => {
    if (!probed.has(cell)) return NOT_PROBED;
    const expectation = expectations.get(cell);
    if (expectation === undefined) throw new PodreachError(`The grid can't be written: nothing is known about ${cell}`);
    return markFor(expectation);
  };
  const rowOf = (from: string): readonly string[] => [
    from,
    ...columns.map((column) => (column.to === from ? '#' : markAt(`${from} > ${columnKey(column)}`))),
  ];
  const table = [
    ['', ...columns.map(({ to }) => to)],
    ['', ...columns.map(({ port }) => port)],
    ...sourcesOf(topology).map(({ endpoint }) => rowOf(endpoint)),
  ];
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  const lineOf = (row: readonly string[]): string => row.map((word, at) => word.padEnd(widths[at] ?? 0)).join('  ');
  return table.map((row) => `${lineOf(row).trimEnd()}\n`).join('');
};
