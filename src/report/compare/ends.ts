import type { CellGroup } from '../../compare/index.ts';

/** Ends that the same groups of cells begin at, or lead to: no group tells them apart. */
export interface EndClass {
  readonly id: number;
  readonly members: readonly string[];
  /** The groups, as their places in the list. */
  readonly groups: readonly number[];
}

/** The classes of ends on one side of the groups, in the order in which they first occur, and which class a name is in. */
export const endClasses = (
  groups: readonly CellGroup[],
  side: 'from' | 'to',
): { readonly classes: readonly EndClass[]; readonly classOf: ReadonlyMap<string, number> } => {
  const classOf = new Map<string, number>();
  const nextOf = createNext(groups.length);
  for (const [at, group] of groups.entries())
    for (const name of group[side]) classOf.set(name, nextOf(classOf.get(name) ?? 0, at));
  const members = Map.groupBy(classOf.keys(), (name) => classOf.get(name) ?? 0);
  const own = new Map([...members.keys()].map((id) => [id, [] as number[]]));
  for (const [at, group] of groups.entries())
    for (const id of new Set(group[side].map((name) => classOf.get(name) ?? 0))) own.get(id)?.push(at);
  const classes = [...members].map(([id, names]) => ({ id, members: names, groups: own.get(id) ?? [] }));
  return { classes, classOf };
};

/** A number for each list of groups, made from that of the list without its last one. */
const createNext = (count: number) => {
  const known = new Map<number, number>();
  return (list: number, group: number): number => {
    const key = list * count + group;
    const next = known.get(key) ?? known.size + 1;
    known.set(key, next);
    return next;
  };
};
