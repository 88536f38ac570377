/** Which connections of a world a change opens and closes. */

import type { Model } from '../decide.ts';
import { decide } from '../decide-probe.ts';
import type { Endpoint } from '../endpoint.ts';
import { classesOf } from '../reach/classes.ts';
import type { Port, Probe } from '../world.ts';

export interface Effect {
  readonly opens: number;
  readonly closes: number;
  /** A few of the connections it opens. */
  readonly opened: readonly Probe[];
}

/**
 * Endpoints that neither model can tell apart, that declare the same ports, and that the change touches either all or
 * not at all. The model after the change can tell apart everything that the one before can, because a change removes no
 * selector, and corrects only words that nobody in reach of the selector has.
 */
interface Group {
  readonly ports: readonly Port[];
  readonly touched: boolean;
  readonly members: Endpoint[];
}

const OPENED_AT_MOST = 2;

/**
 * Counts the connections to declared ports, except those that are `wanted`, that a change surely opens or closes; what
 * is unknown before or after counts as neither. Both models have endpoints with the same names and ports. Only
 * connections with an end that the change touches may differ.
 */
export const effectBetween = (
  before: Model,
  after: Model,
  touches: (endpoint: Endpoint) => boolean,
  wanted: readonly Probe[],
): Effect => {
  const groups = groupsOf(after, touches);
  const touched = groups.filter((group) => group.touched);
  const isWanted = new Set(wanted.map(cellKey));
  const opened: Probe[] = [];
  let opens = 0;
  let closes = 0;
  const compare = (cell: Probe): 'opens' | 'closes' | null => {
    const [was, is] = [decide(before, cell), decide(after, cell)];
    if (was === 'deny' && is === 'allow') return 'opens';
    return was === 'allow' && is === 'deny' ? 'closes' : null;
  };
  const countAll = (from: Group, to: Group): void => {
    const [one, other] = [from.members[0], to.members[from === to ? 1 : 0]];
    if (!one || !other) return;
    for (const port of to.ports) {
      const change = compare(cellOf(one, other, port));
      if (!change) continue;
      const cells = from.members.length * (from === to ? to.members.length - 1 : to.members.length);
      const known = wanted.filter(
        (probe) =>
          probe.port === port.number &&
          probe.protocol === port.protocol &&
          from.members.some(({ name }) => name === probe.from) &&
          to.members.some(({ name }) => name === probe.to),
      ).length;
      if (change === 'closes') closes += cells - known;
      else opens += cells - known;
      if (change === 'opens' && opened.length < OPENED_AT_MOST) opened.push(...unaskedCells(from, to, port, isWanted));
    }
  };
  for (const to of groups) for (const from of to.touched ? groups : touched) countAll(from, to);
  return { opens, closes, opened: opened.slice(0, OPENED_AT_MOST) };
};

const cellOf = (from: Endpoint, to: Endpoint, { number, protocol }: Port): Probe => ({
  ...{ from: from.name, to: to.name, port: number, protocol },
});

const cellKey = ({ from, to, port, protocol }: Probe): string => `${from} > ${to} ${port}/${protocol}`;

/** The first few connections between two groups that nobody asked about. */
const unaskedCells = (from: Group, to: Group, port: Port, wanted: ReadonlySet<string>): readonly Probe[] => {
  const found: Probe[] = [];
  for (const one of from.members)
    for (const other of to.members) {
      const cell = cellOf(one, other, port);
      if (one !== other && !wanted.has(cellKey(cell))) found.push(cell);
      if (found.length === OPENED_AT_MOST) return found;
    }
  return found;
};

const portKey = ({ number, protocol }: Port): string => `${number}/${protocol}`;

const groupsOf = (model: Model, touches: (endpoint: Endpoint) => boolean): readonly Group[] => {
  const groups = new Map<string, Group>();
  for (const { id, members } of classesOf(model))
    for (const endpoint of members) {
      const ports = new Map(endpoint.ports.map((port) => [portKey(port), port]));
      const touched = touches(endpoint);
      const key = [id, touched, ...[...ports.keys()].toSorted()].join(' ');
      const group = groups.get(key);
      if (group) group.members.push(endpoint);
      else groups.set(key, { ports: [...ports.values()], touched, members: [endpoint] });
    }
  return [...groups.values()];
};
