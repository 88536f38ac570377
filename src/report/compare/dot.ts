import type { Change, ComparedResult, Comparison } from '../../compare/index.ts';
import { portText } from '../../scenario/index.ts';
import { listed, plural } from '../../text.ts';
import { type Graph, graphText } from '../dot-graph.ts';
import { seenText } from './live.ts';
import { changeText, rankedComparisons, rankedGroups } from './outcome.ts';

const NAMES_AT_MOST = 3;
const TOOLTIP_AT_MOST = 20;
const PORTS_AT_MOST = 6;

/** A graph for each comparison: an edge for each group of cells that changed. */
export function* comparedDot(result: ComparedResult): Generator<string> {
  for (const comparison of rankedComparisons(result)) yield* graphText(graphOf(comparison, result));
}

const COLOURS: Readonly<Partial<Record<Change, string>>> = { opened: '#1a7f37', closed: '#c4001d' };
const OTHER = '#767676';

const graphOf = (comparison: Comparison, result: ComparedResult): Graph => {
  const groups = rankedGroups(comparison, result).filter(({ change }) => change !== 'undecided');
  const sets = new Map<string, { readonly at: number; readonly names: readonly string[] }>();
  const nodeOf = (names: readonly string[]): number => {
    const key = JSON.stringify(names);
    const known = sets.get(key) ?? { at: sets.size, names };
    sets.set(key, known);
    return known.at;
  };
  const edges = groups.map((group) => {
    const { from, to, ports, family, cells, change } = group;
    const over = family === undefined ? '' : ` over ${family}`;
    const seen = seenText(group);
    const count = `${plural(cells, 'cell')}${seen === '' ? '' : `, ${seen}`}`;
    const colour = COLOURS[change] ?? OTHER;
    return {
      ...{ from: nodeOf(from), to: nodeOf(to) },
      label: `${changeText(group)}: ${listed(ports.map(portText), PORTS_AT_MOST)}${over} (${count})`,
      attributes: { color: colour, fontcolor: colour, ...(change !== 'opened' && { style: 'dashed' }) },
    };
  });
  return {
    title: `${comparison.name}: ${result.before} → ${result.after}`,
    nodes: [...sets.values()].map(({ names }) => ({
      label: listed(names, NAMES_AT_MOST),
      ...(names.length > NAMES_AT_MOST && { tooltip: listed(names, TOOLTIP_AT_MOST) }),
    })),
    edges,
  };
};
