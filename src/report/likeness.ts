import type { Picture } from './picture.ts';

/** A source, a destination, or both. */
export interface End {
  readonly name: string;
  /** -1 if it has none. */
  readonly row: number;
  readonly firstColumn: number;
  readonly ports: number;
}

type Class = readonly [End, ...End[]];

/** The ends in classes of alike ends, each class in their order. */
export const classesOf = (picture: Picture): readonly Class[] =>
  [...Map.groupBy(endsOf(picture), (end) => traitsOf(picture, end)).values()].flatMap((ends) =>
    classesIn(picture, ends),
  );

const endsOf = ({ rows, columns }: Picture): readonly End[] => {
  const rowOf = new Map(rows.map((name, row) => [name, row]));
  const columnsOf = Map.groupBy(columns.keys(), (column) => columns[column]?.to as string);
  return [...new Set([...rowOf.keys(), ...columnsOf.keys()])].map((name) => {
    const { 0: firstColumn = 0, length: ports } = columnsOf.get(name) ?? [];
    return { name, row: rowOf.get(name) ?? -1, firstColumn, ports };
  });
};

/** What alike ends have in common, wherever they are: their ports, and how many cells of each look. */
const traitsOf = ({ rows, columns, places, looks }: Picture, { row, firstColumn, ports }: End): string => {
  const inRow = new Uint32Array(row < 0 ? 0 : looks.length);
  if (row >= 0)
    for (const place of places.subarray(row * columns.length, (row + 1) * columns.length))
      inRow[place] = (inRow[place] as number) + 1;
  const inColumns = Array.from({ length: ports }, (_, port) => {
    const counts = new Uint32Array(looks.length);
    for (const from of rows.keys()) {
      const place = places[from * columns.length + firstColumn + port] as number;
      counts[place] = (counts[place] as number) + 1;
    }
    return counts.join();
  });
  const heads = columns.slice(firstColumn, firstColumn + ports).map(({ head }) => head);
  return [inRow.join(), ...heads, ...inColumns].join(' ');
};

/** Being alike is transitive, so it is enough to compare with one member of each class. */
const classesIn = (picture: Picture, ends: readonly End[]): readonly Class[] => {
  const classes: [End, ...End[]][] = [];
  for (const end of ends) {
    const own = classes.find(([first]) => areAlike(picture, first, end));
    if (own) own.push(end);
    else classes.push([end]);
  }
  return classes;
};

/** Whether exchanging two ends with the same traits changes no cell, and hides no cell except `#` where they meet. */
const areAlike = ({ rows, columns, looks, places }: Picture, one: End, other: End): boolean => {
  const width = columns.length;
  for (let column = 0; one.row >= 0 && column < width; column += 1)
    if (places[one.row * width + column] !== places[other.row * width + exchanged(column, one, other)]) return false;
  for (let port = 0; port < one.ports; port += 1) {
    const [own, others] = [one.firstColumn + port, other.firstColumn + port];
    for (let row = 0; row < rows.length; row += 1) {
      // Their own rows were compared above.
      if (row === one.row || row === other.row) continue;
      if (places[row * width + own] !== places[row * width + others]) return false;
    }
    const [itself, eachOther] = [own, others].map((column) => looks[places[one.row * width + column] ?? 0]?.status);
    if (itself !== (eachOther && 'self')) return false;
  }
  return true;
};

/** Where a column ends up when two ends with the same ports are exchanged. */
const exchanged = (column: number, { firstColumn: one, ports }: End, { firstColumn: other }: End): number => {
  if (column >= one && column < one + ports) return column - one + other;
  return column >= other && column < other + ports ? column - other + one : column;
};
