import { expect } from 'chai';
import fc from 'fast-check';
import { judge } from '../../../src/matrix/index.ts';
import type { Verdict } from '../../../src/probe/index.ts';
import { group } from '../../../src/report/grouping.ts';
import { markOf } from '../../../src/report/mark.ts';
import { type Picture, pictureOf } from '../../../src/report/picture.ts';
import { expectedOf, seen } from './sample-run.ts';

type Ports = readonly `${number}/${'TCP' | 'UDP'}`[];

/** The cells between ends, each with what it has; `blank` where nothing is probed. */
const cellsOf = (
  ends: readonly { readonly name: string; readonly ports: Ports; readonly isSource?: boolean }[],
  verdictOf: (from: string, to: string, port: string) => Verdict | 'blank',
  changes: Parameters<typeof expectedOf>[1] = {},
) => {
  const observed = ends
    .filter(({ isSource = true }) => isSource)
    .flatMap(({ name: from }) =>
      ends.flatMap(({ name: to, ports }) =>
        ports.flatMap((port) => {
          const verdict = verdictOf(from, to, port);
          return verdict === 'blank' ? [] : seen([from, to, port, verdict]);
        }),
      ),
    );
  return judge(expectedOf(observed, changes), observed);
};

/** `a/x > a/y 80/TCP: . match`, for each cell that is not blank. */
const cellsIn = ({ rows, columns, looks, places }: Picture): ReadonlyMap<string, string> =>
  new Map(
    rows.flatMap((from, row) =>
      columns.flatMap(({ to, head }, column) => {
        const look = looks[places[row * columns.length + column] as number];
        return look ? [[`${from} > ${to} ${head}`, `${markOf(look)} ${look.status}`] as const] : [];
      }),
    ),
  );

/**
 * What a reader makes of the grouped picture: what holds of a group holds of each member, and a pod to itself is `#`.
 */
const expanded = (whole: Picture): ReadonlyMap<string, string> => {
  const { picture, groups } = group(whole);
  const members = new Map(groups.map((one) => [one.label, one.members]));
  const all = (label: string) => members.get(label) ?? [label];
  const shown = cellsIn(picture);
  return new Map(
    picture.rows.flatMap((row) =>
      picture.columns.flatMap(({ to: column, head }) =>
        all(row).flatMap((from) =>
          all(column).flatMap((to): (readonly [string, string])[] => {
            const look = shown.get(`${row} > ${column} ${head}`);
            if (look === undefined) return [];
            return [[`${from} > ${to} ${head}`, from === to ? '# self' : look]];
          }),
        ),
      ),
    ),
  );
};

const pods = (count: number, ports: Ports = ['80/TCP']) =>
  Array.from({ length: count }, (_, index) => ({ name: `prod/${'abc'[index % 3]}-${index}`, ports }));
const classOf = (name: string) => name.slice(5, 6);
/** a reaches b, and b reaches c; each reaches its own. */
const byClass = (from: string, to: string): Verdict =>
  ['aa', 'bb', 'cc', 'ab', 'bc'].includes(classOf(from) + classOf(to)) ? 'allowed' : 'dropped';

describe('group', () => {
  it('makes a picture of 3 rows and columns of 100 pods in 3 classes', () => {
    const { picture, groups } = group(pictureOf(cellsOf(pods(100), byClass)));
    expect(picture.rows).to.deep.equal(['prod/a-0 +33', 'prod/b-1 +32', 'prod/c-2 +32']);
    expect(picture.columns.map(({ to }) => to)).to.deep.equal(picture.rows);
    expect(groups.map(({ members }) => members.length)).to.deep.equal([34, 33, 33]);
    expect([...cellsIn(picture).values()].map((look) => look[0]).join('')).to.equal('..XX..XX.');
  });

  it('leaves both ends of a mismatch alone', () => {
    const cells = cellsOf(pods(9), byClass, { 'prod/a-3 > prod/b-7 80/TCP': 'deny' });
    expect(group(pictureOf(cells)).picture.rows).to.deep.equal([
      'prod/a-0 +1',
      'prod/b-1 +1',
      'prod/c-2 +2',
      'prod/a-3',
      'prod/b-7',
    ]);
  });

  it('distinguishes a verdict that was expected from the same one if nothing was', () => {
    const ends = pods(6);
    const observed = cellsOf(ends, byClass).flatMap(({ observation }) => observation ?? []);
    const some = expectedOf(observed).filter(({ from, to }) => !(from === 'prod/a-0' && to === 'prod/c-2'));
    expect(group(pictureOf(judge(some, observed))).picture.rows).to.include.members(['prod/a-0', 'prod/c-2']);
  });

  it('groups no pods that serve on different ports, or that reach each other one way only', () => {
    const [one, two, three] = pods(3);
    const ends = [
      { name: 'a/x', ports: ['80/TCP'] as const },
      { name: 'a/y', ports: ['81/TCP'] as const },
    ];
    expect(group(pictureOf(cellsOf(ends, () => 'allowed'))).groups).to.deep.equal([]);
    const oneWay = cellsOf(
      [one, two, three].flatMap((end) => end ?? []),
      (from, to) => (from < to ? 'allowed' : 'dropped'),
    );
    expect(group(pictureOf(oneWay)).groups).to.deep.equal([]);
  });

  it('groups sources without ports, and destinations that are no sources', () => {
    const ends = [
      { name: 'a/x', ports: [] },
      { name: 'a/y', ports: [] },
      { name: 'svc:a/s', ports: ['80/TCP'], isSource: false },
      { name: 'svc:a/t', ports: ['80/TCP'], isSource: false },
    ] as const;
    const { picture } = group(pictureOf(cellsOf(ends, () => 'allowed')));
    expect(picture.rows).to.deep.equal(['a/x +1']);
    expect(picture.columns).to.deep.equal([{ to: 'svc:a/s +1', head: '80/TCP' }]);
  });

  it('groups no destinations that as many others reach, but not the same', () => {
    const ends = [
      { name: 'a/x', ports: [] },
      { name: 'a/y', ports: [] },
      { name: 'svc:a/x', ports: ['80/TCP'], isSource: false },
      { name: 'svc:a/y', ports: ['80/TCP'], isSource: false },
    ] as const;
    const cells = cellsOf(ends, (from, to) => (to.endsWith(from) ? 'allowed' : 'dropped'));
    expect(group(pictureOf(cells)).groups).to.deep.equal([]);
  });

  const verdict = fc.constantFrom<Verdict | 'blank'>('allowed', 'dropped', 'allowed', 'dropped', 'error', 'blank');
  const matrix = fc.record({
    classes: fc.array(fc.nat(2), { minLength: 1, maxLength: 9 }),
    portsOf: fc.array(fc.constantFrom<Ports>(['80/TCP'], ['80/TCP', '53/UDP'], []), { minLength: 3, maxLength: 3 }),
    verdicts: fc.array(verdict, { minLength: 18, maxLength: 18 }),
    changed: fc.array(fc.tuple(fc.nat(8), fc.nat(8), verdict), { maxLength: 2 }),
    sources: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  });

  it('loses nothing: expanded again it is the full picture', () => {
    fc.assert(
      fc.property(matrix, ({ classes, portsOf, verdicts, changed, sources }) => {
        const ends = classes.map((own, index) => ({
          name: `${own}/${index}`,
          ports: portsOf[own] as Ports,
          isSource: sources[own] as boolean,
        }));
        const changes = new Map(changed.map(([from, to, it]) => [`${from} ${to}`, it]));
        const cells = cellsOf(ends, (from, to, port) => {
          if (from === to) return 'allowed';
          const [[own, one], [other, two]] = [from.split('/'), to.split('/')];
          const place = Number(own) * 6 + Number(other) * 2 + (port === '80/TCP' ? 0 : 1);
          return changes.get(`${one} ${two}`) ?? (verdicts[place] as Verdict);
        });
        const whole = pictureOf(cells);
        expect(expanded(whole)).to.deep.equal(cellsIn(whole));
      }),
    );
  });
});
