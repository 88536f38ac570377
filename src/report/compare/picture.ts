import type { CellGroup, CellPort } from '../../compare/index.ts';
import type { Family } from '../../model/index.ts';
import { type EndClass, endClasses } from './ends.ts';

/** Ports of a class of destinations that no group of cells tells apart. */
export interface ChangedColumn {
  readonly to: EndClass;
  readonly ports: readonly CellPort[];
  readonly family?: Family;
}

/** Undefined is a cell that stays as it is, or none at all. */
export type ChangedCell = CellGroup | 'self' | undefined;

/** What changed, as a matrix: rows are classes of sources, in the order of the groups. */
export interface ChangePicture {
  readonly rows: readonly EndClass[];
  readonly columns: readonly ChangedColumn[];
  /** Row by row. */
  readonly cells: readonly (readonly ChangedCell[])[];
  /** What did not fit: rows, columns, and cells that changed. */
  readonly missing: { readonly rows: number; readonly columns: number; readonly cells: number };
}

interface Column extends ChangedColumn {
  /** The groups, as their places in the list. */
  readonly groups: readonly number[];
}

/**
 * The groups as a matrix of at most so many rows and columns. Ends have one where something changed: only those whose cells
 * are undecided but not affected, have none.
 */
export const changePicture = (groups: readonly CellGroup[], atMost: number): ChangePicture => {
  const isChanged = (at: number): boolean => groups[at]?.change !== 'undecided';
  const rankOf = (of: { readonly groups: readonly number[] }): number => of.groups.find(isChanged) ?? groups.length;
  const ranked = <One extends { readonly groups: readonly number[] }>(all: readonly One[]): readonly One[] =>
    all.filter((one) => one.groups.some(isChanged)).toSorted((one, other) => rankOf(one) - rankOf(other));
  const { classes: targets, classOf: targetOf } = endClasses(groups, 'to');
  const rows = ranked(endClasses(groups, 'from').classes);
  const columns = ranked(targets.flatMap((to) => columnsOf(to, groups)));
  let left = groups.reduce((sum, { change, cells }) => sum + (change === 'undecided' ? 0 : cells), 0);
  const cells = rows.slice(0, atMost).map((row) => {
    const own = new Set(row.groups);
    const commonWith = Map.groupBy(row.members, (name) => targetOf.get(name));
    return columns.slice(0, atMost).map((column) => {
      const group = groups[column.groups.find((at) => own.has(at)) ?? -1];
      const common = commonWith.get(column.to.id)?.length ?? 0;
      const pairs = row.members.length * column.to.members.length - common;
      if (group && group.change !== 'undecided') left -= pairs * column.ports.length;
      return pairs === 0 ? 'self' : group;
    });
  });
  return {
    ...{ rows: rows.slice(0, atMost), columns: columns.slice(0, atMost), cells },
    missing: {
      rows: Math.max(0, rows.length - atMost),
      columns: Math.max(0, columns.length - atMost),
      cells: left,
    },
  };
};

const columnsOf = (to: EndClass, groups: readonly CellGroup[]): readonly Column[] => {
  const ports = new Map<string, { readonly port: CellPort; readonly family?: Family; readonly groups: number[] }>();
  for (const at of to.groups) {
    const { ports: own = [], family } = groups[at] ?? {};
    for (const port of own) {
      const key = `${port.number} ${port.protocol} ${family}`;
      const known = ports.get(key) ?? { port, ...(family && { family }), groups: [] };
      known.groups.push(at);
      ports.set(key, known);
    }
  }
  return [...Map.groupBy(ports.values(), (one) => one.groups.join()).values()].map(([first, ...others]) => {
    if (!first) throw new RangeError('a column without a port');
    const { port, ...rest } = first;
    return { to, ...rest, ports: [port, ...others.map((one) => one.port)] };
  });
};
