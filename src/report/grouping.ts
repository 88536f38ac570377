import { classesOf } from './likeness.ts';
import type { Picture } from './picture.ts';

/** Ends that no cell distinguishes, so they share a row and columns. */
export interface Group {
  /** The first member and how many more there are: `prod/web-1 +32`. */
  readonly label: string;
  readonly members: readonly string[];
}

export interface Grouped {
  /** A row and columns for each group, named by its label, and for each single end. */
  readonly picture: Picture;
  /** The groups with several members. */
  readonly groups: readonly Group[];
}

/**
 * Groups the ends that the picture does not distinguish: exchanging two of them, in the rows and in the columns,
 * changes no cell. So what is true of one member, towards and from everything else, is true of all, and what is true
 * between two of them is true between any two. That is shown where a group meets itself.
 */
export const group = (picture: Picture): Grouped => {
  const { rows, columns, places } = picture;
  const classes = new Map(classesOf(picture).map((ends) => [ends[0].name, ends]));
  const labelOf = (name: string): string => {
    const { length = 1 } = classes.get(name) ?? [];
    return length > 1 ? `${name} +${length - 1}` : name;
  };
  const keptRows = [...rows.keys()].filter((row) => classes.has(rows[row] as string));
  const keptColumns = [...columns.entries()].filter(([, { to }]) => classes.has(to));
  /** Where a group meets itself, its first member is shown against the second. */
  const seenBy = (row: number, column: number, to: string): number => {
    const [first, second] = rows[row] === to ? (classes.get(to) ?? []) : [];
    return first && second ? column - first.firstColumn + second.firstColumn : column;
  };
  return {
    picture: {
      ...picture,
      rows: keptRows.map((row) => labelOf(rows[row] as string)),
      columns: keptColumns.map(([, { to, head }]) => ({ to: labelOf(to), head })),
      places: Uint8Array.from(
        keptRows.flatMap((row) =>
          keptColumns.map(([column, { to }]) => places[row * columns.length + seenBy(row, column, to)] as number),
        ),
      ),
    },
    groups: [...new Set([...rows, ...columns.map(({ to }) => to)])].flatMap((name) => {
      const members = classes.get(name)?.map((end) => end.name) ?? [];
      return members.length > 1 ? { label: labelOf(name), members } : [];
    }),
  };
};
