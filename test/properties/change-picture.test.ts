import { expect } from 'chai';
import fc from 'fast-check';
import type { CellGroup, Change } from '../../src/compare/index.ts';
import { changePicture } from '../../src/report/compare/picture.ts';

const ENDS = ['a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'b/3'];
const PORTS = [80, 443, 53].map((number) => ({ number, protocol: 'TCP' }) as const);
const CHANGES: readonly Change[] = ['opened', 'closed', 'may-open', 'undecided', 'added'];

/** Blocks of a table of all cells, of which no two have a cell in common, as the groups of a comparison have none. */
const disjoint = fc
  .array(
    fc.record({
      change: fc.constantFrom(...CHANGES),
      from: fc.subarray(ENDS, { minLength: 1 }),
      to: fc.subarray(ENDS, { minLength: 1 }),
      ports: fc.subarray([...PORTS], { minLength: 1 }),
    }),
    { maxLength: 8 },
  )
  .map((blocks) => {
    const taken = new Set<string>();
    return blocks.flatMap((block): CellGroup[] => {
      const cells = cellsOf(block);
      if (cells.length === 0 || cells.some((cell) => taken.has(cell))) return [];
      for (const cell of cells) taken.add(cell);
      return [{ ...block, cells: cells.length, before: 'deny', after: 'allow', causes: [] }];
    });
  });

const cellsOf = ({ from, to, ports }: Pick<CellGroup, 'from' | 'to' | 'ports'>): readonly string[] =>
  from.flatMap((source) =>
    to
      .filter((target) => target !== source)
      .flatMap((target) => ports.map(({ number }) => `${source} ${target} ${number}`)),
  );

const isTold = ({ change }: CellGroup): boolean => change !== 'undecided';

describe('the picture of a change', () => {
  it('has each cell of each group that changed, in its place and once', () => {
    let drawn = 0;
    fc.assert(
      fc.property(disjoint, (groups) => {
        const { rows, columns, cells, missing } = changePicture(groups, 1_000);
        const shown = rows.flatMap(({ members: from }, row) =>
          columns.flatMap(({ to, ports }, column) => {
            const group = cells[row]?.[column];
            if (group === 'self') return [];
            return cellsOf({ from, to: to.members, ports }).map((cell) => `${cell} ${group?.change}`);
          }),
        );
        const wanted = groups
          .filter(isTold)
          .flatMap((group) => cellsOf(group).map((cell) => `${cell} ${group.change}`));
        expect(new Set(shown)).to.have.lengthOf(shown.length);
        expect(shown.filter((cell) => !/ (?:undefined|undecided)$/.test(cell)).toSorted()).to.deep.equal(
          wanted.toSorted(),
        );
        // Cells between the others are what they are.
        const doubtful = new Set(groups.filter((group) => !isTold(group)).flatMap(cellsOf));
        for (const cell of shown)
          expect(cell.endsWith(' undecided')).to.equal(doubtful.has(cell.split(' ').slice(0, 3).join(' ')));
        expect(missing).to.deep.equal({ rows: 0, columns: 0, cells: 0 });
        drawn += wanted.length;
      }),
      { numRuns: 300 },
    );
    expect(drawn).to.be.above(3_000);
  });

  it('counts each cell that changed and does not fit', () => {
    fc.assert(
      fc.property(disjoint, fc.integer({ min: 1, max: 4 }), (groups, atMost) => {
        const picture = changePicture(groups, atMost);
        const shown = picture.rows.flatMap(({ members: from }, row) =>
          picture.columns.flatMap(({ to, ports }, column) => {
            const group = picture.cells[row]?.[column];
            return group && group !== 'self' && isTold(group) ? cellsOf({ from, to: to.members, ports }) : [];
          }),
        );
        const all = groups.filter(isTold).reduce((sum, { cells }) => sum + cells, 0);
        expect(picture.missing.cells + shown.length).to.equal(all);
      }),
      { numRuns: 300 },
    );
  });
});
