/** A line for each group of cells. */
import type { CellGroup, ComparedResult, Comparison } from '../../compare/index.ts';
import { portText } from '../../scenario/index.ts';
import { listed } from '../../text.ts';
import { csvLine } from '../csv-line.ts';
import { seenText } from './live.ts';
import { whyText } from './words.ts';

const COLUMNS = [
  ...['comparison', 'change', 'wanted', 'before', 'after', 'cells', 'sources', 'destinations', 'from', 'to'],
  ...['ports', 'family', 'because'],
] as const;

/** A spreadsheet takes 32,767 characters for a cell. */
const NAMES_AT_MOST = 100;

export function* comparedCsv({ comparisons }: ComparedResult): Generator<string> {
  const isLive = comparisons.some(({ live }) => live);
  yield csvLine([...COLUMNS, ...(isLive ? ['live'] : [])]);
  for (const comparison of comparisons)
    for (const group of comparison.groups)
      yield csvLine([...valuesOf(comparison, group), ...(isLive ? [seenText(group)] : [])]);
}

const valuesOf = ({ name }: Comparison, group: CellGroup) => {
  const { change, wanted = false, before, after, cells, from, to, ports, family } = group;
  return [
    ...[name, change, wanted, before, after, cells, from.length, to.length],
    ...[listed(from, NAMES_AT_MOST), listed(to, NAMES_AT_MOST), listed(ports.map(portText), NAMES_AT_MOST)],
    ...[family, whyText(group)],
  ];
};
