import { type Family, familyOf } from '../scenario/index.ts';
import type { Flow } from './flows.ts';
import {
  type App,
  appsOf,
  finestGroups,
  type Group,
  namesakes,
  type OutsideAddress,
  type Party,
  selectorOf,
} from './party.ts';
import { type Entry, mergedTable, type PartyOf, staysSame, type Table, tableOf } from './table.ts';
import type { Wanted } from './wanted.ts';

/** Applications and addresses outside, and what is wanted between them, by their positions. */
export interface Parties {
  readonly parties: readonly Party[];
  readonly apps: readonly App[];
  readonly partyOf: PartyOf;
  readonly table: Table;
}

/**
 * Pods that labels tell apart are one application all the same if one label names them and nothing different is wanted of
 * them: a canary, several versions.
 */
export const partiesOf = ({ topology, families }: Wanted, flows: readonly Flow[]): Parties => {
  const outside = topology.hosts.flatMap((host) =>
    host.addresses.map((address): OutsideAddress => ({ kind: 'host', host, address })),
  );
  const finest = finestGroups(topology);
  const table = tableOf(flows, positionsOf(finest, outside, families));
  const groups = joinedGroups(finest, [...table.values()]);
  const partyOf = positionsOf(groups, outside, families);
  const within = (party: number): number => {
    const [pod] = finest[party] ?? [];
    return pod ? partyOf(pod.endpoint) : party - finest.length + groups.length;
  };
  const apps = appsOf(groups);
  return { parties: [...apps, ...outside], apps, partyOf, table: mergedTable(table.values(), within) };
};

/** The groups, with those that are one application as one; `entries` are between their positions. */
const joinedGroups = (finest: readonly Group[], entries: readonly Entry[]): readonly Group[] => {
  let groups = finest;
  const first = new Map<number, number>();
  const firstOf = (party: number): number => first.get(party) ?? party;
  const byEnd = { from: Map.groupBy(entries, ({ from }) => from), to: Map.groupBy(entries, ({ to }) => to) };
  for (const alike of namesakes(finest)) {
    const own = alike.map((at) => finest[at] as Group);
    const whole = own.flat();
    const joined = groups.flatMap((group) => (group === own[0] ? [whole] : own.includes(group) ? [] : [group]));
    if (!selectorOf(whole, joined)) continue;
    const touching = alike.flatMap((at) => [...(byEnd.from.get(at) ?? []), ...(byEnd.to.get(at) ?? [])]);
    const [at = 0] = alike;
    if (!staysSame(touching, (party) => (alike.includes(party) ? at : firstOf(party)))) continue;
    for (const one of alike) first.set(one, at);
    groups = joined;
  }
  return groups;
};

/** Groups of pods come first, and pods have all families in common. */
const positionsOf = (
  groups: readonly Group[],
  outside: readonly OutsideAddress[],
  [first]: readonly Family[],
): PartyOf => {
  const positions = new Map([
    ...groups.flatMap((pods, at) => pods.map(({ endpoint }) => [endpoint, at] as const)),
    ...outside.map(({ host, address }, at) => [`${host.endpoint} ${familyOf(address)}`, groups.length + at] as const),
  ]);
  return (end, family = first) => positions.get(end) ?? positions.get(`${end} ${family}`) ?? -1;
};
