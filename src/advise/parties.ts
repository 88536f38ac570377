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
import { isSame, mergedTable, type PartyOf, type Table, tableOf } from './table.ts';
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
  let groups = finestGroups(topology);
  let partyOf = positionsOf(groups, outside, families);
  let table = tableOf(flows, partyOf);
  for (const alike of namesakes(groups).map((own) => own.map((at) => groups[at] as Group))) {
    const whole = alike.flat();
    const merged = groups.flatMap((group) => (group === alike[0] ? [whole] : alike.includes(group) ? [] : [group]));
    if (!selectorOf(whole, merged)) continue;
    const moved = positionsOf(merged, outside, families);
    const fewer = groups.length - merged.length;
    const before = groups;
    const within = (party: number): number => {
      const [pod] = before[party] ?? [];
      return pod ? moved(pod.endpoint) : party - fewer;
    };
    const joined = mergedTable(table, within);
    if (!isSame(table, joined, within)) continue;
    [groups, partyOf, table] = [merged, moved, joined];
  }
  const apps = appsOf(groups);
  return { parties: [...apps, ...outside], apps, table, partyOf };
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
