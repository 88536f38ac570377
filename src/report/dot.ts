/** A graph for each step: who reaches whom, with pods that nothing tells apart as one node. */
import type { Cell, ScenarioHead, StepResult } from '../matrix/index.ts';
import { listed } from '../text.ts';
import { comparedDot } from './compare/dot.ts';
import { type Graph, type GraphEdge, graphText } from './dot-graph.ts';
import { type Grouped, group } from './grouping.ts';
import { type Look, lookOf, meaningOf } from './mark.ts';
import { type Picture, pictureOf } from './picture.ts';
import type { CreateReporter } from './reporter.ts';
import { STATUS_WORDS } from './summary.ts';

const MEMBERS_AT_MOST = 20;

export const createDot: CreateReporter = ({ full = false }) => ({
  onStepEnd: (step, scenario) => graphText(graphOf(step, scenario, full)),
  onCompared: comparedDot,
});

/** What is as it should be, or not judged, needs no words. */
const STYLES: Readonly<Record<Exclude<Look, 'blocked' | 'self'>, GraphEdge['attributes']>> = {
  allowed: {},
  wrong: { color: '#c4001d', fontcolor: '#c4001d', penwidth: 2.5 },
  broken: { color: '#8a2be2', fontcolor: '#8a2be2', penwidth: 2, style: 'dashed' },
  doubtful: { color: '#767676', fontcolor: '#767676', style: 'dashed' },
};

/** In which order edges are written; the last ones are left out of a graph that is too large. */
const RANK: Readonly<Record<Look, number>> = { wrong: 0, broken: 1, doubtful: 2, allowed: 3, blocked: 4, self: 5 };

const graphOf = ({ name, status, cells }: StepResult, scenario: ScenarioHead, full: boolean): Graph => {
  const whole = pictureOf(cells);
  const { picture, groups }: Grouped = full ? { picture: whole, groups: [] } : group(whole);
  const members = new Map(groups.map((one) => [one.label, one.members]));
  const labels = [...new Set([...picture.rows, ...picture.columns.map(({ to }) => to)])];
  const title = name === scenario.name ? name : `${scenario.name}: ${name}`;
  return {
    title: `${title} (${STATUS_WORDS[status]})`,
    nodes: labels.map((label) => {
      const own = members.get(label);
      return { label, ...(own && { tooltip: listed(own, MEMBERS_AT_MOST) }) };
    }),
    edges: edgesIn(picture, new Map(labels.map((label, at) => [label, at]))),
  };
};

interface Ports {
  readonly from: number;
  readonly to: number;
  readonly cell: Cell;
  readonly heads: string[];
}

/** One edge for all ports of a destination that look alike. */
const edgesIn = (
  { rows, columns, looks, places }: Picture,
  nodes: ReadonlyMap<string, number>,
): readonly GraphEdge[] => {
  const edges = new Map<string, Ports>();
  for (const [row, source] of rows.entries())
    for (const [column, { to: destination, head }] of columns.entries()) {
      const cell = looks[places[row * columns.length + column] ?? 0];
      if (!cell || isLeftOut(lookOf(cell))) continue;
      const [from, to] = [nodes.get(source) ?? 0, nodes.get(destination) ?? 0];
      const key = `${from} ${to} ${lookOf(cell)} ${meaningOf(cell)}`;
      const known = edges.get(key);
      if (known) known.heads.push(head);
      else edges.set(key, { from, to, cell, heads: [head] });
    }
  return [...edges.values()]
    .toSorted((one, other) => RANK[lookOf(one.cell)] - RANK[lookOf(other.cell)])
    .map(({ from, to, cell, heads }) => {
      const look = lookOf(cell) as keyof typeof STYLES;
      const words = look === 'allowed' ? '' : `: ${meaningOf(cell)}`;
      return { from, to, label: `${heads.join(', ')}${words}`, attributes: STYLES[look] ?? {} };
    });
};

/** What is blocked, and nothing else is to say about it. */
const isLeftOut = (look: Look): boolean => look === 'blocked' || look === 'self';
