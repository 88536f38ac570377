/** How many connections a change opens and closes. */

import type { Model } from '../decide.ts';
import type { Endpoint } from '../endpoint.ts';
import { classesOf } from '../reach/classes.ts';
import { decide } from '../route.ts';
import type { Port, Probe } from '../world.ts';

export interface Effect {
  readonly opens: number;
  readonly closes: number;
}

/**
 * Endpoints that neither model can tell apart, that declare the same ports, and are all touched by a change or none. The
 * model after the change can tell apart what the one before can: a change takes no selector away.
 */
interface Group {
  readonly ports: readonly Port[];
  readonly touched: boolean;
  readonly members: Endpoint[];
}

/**
 * Counts the connections to declared ports, `probe` left out, that a change surely opens or closes: what is unknown before
 * or after counts as neither. Both models have endpoints of the same names and ports, and only connections with
 * an end that is touched may differ.
 */
export const effectBetween = (
  before: Model,
  after: Model,
  touches: (endpoint: Endpoint) => boolean,
  probe: Probe,
): Effect => {
  const groups = groupsOf(after, touches);
  const touched = groups.filter((group) => group.touched);
  let opens = 0;
  let closes = 0;
  const count = (cell: Probe, cells: number): void => {
    const [was, is] = [decide(before, cell), decide(after, cell)];
    if (was === 'deny' && is === 'allow') opens += cells;
    if (was === 'allow' && is === 'deny') closes += cells;
  };
  const countAll = (from: Group, to: Group): void => {
    const [one, other] = [from.members[0], to.members[from === to ? 1 : 0]];
    if (!one || !other) return;
    const cells = from.members.length * (from === to ? to.members.length - 1 : to.members.length);
    for (const { number, protocol } of to.ports)
      count({ from: one.name, to: other.name, port: number, protocol }, cells);
  };
  for (const to of groups) for (const from of to.touched ? groups : touched) countAll(from, to);
  const declared = before.endpoints.get(probe.to)?.ports ?? [];
  if (declared.some(({ number, protocol }) => number === probe.port && protocol === probe.protocol)) count(probe, -1);
  return { opens, closes };
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
