import { expect } from 'chai';
import fc from 'fast-check';
import type { Verdict } from '../../../src/probe/index.ts';
import { terminal } from '../../../src/report/index.ts';
import { expectedOf, runOf, scenarioOf, seen, stepOf } from './sample-run.ts';

const plain = { colour: false } as const;

type VerdictOf = (from: string, to: string) => Verdict;
/** Only pods of one letter reach each other. */
const byLetter: VerdictOf = (from, to) => (from.at(-2) === to.at(-2) ? 'allowed' : 'dropped');
/** No two are alike. */
const oneWay: VerdictOf = (from, to) => (from < to ? 'allowed' : 'dropped');

/** Every pod to port 80 of every pod. */
const runFor = (names: readonly string[], verdictOf = byLetter, changes: Parameters<typeof expectedOf>[1] = {}) => {
  const observed = names.flatMap((from) => names.map((to) => seen([from, to, '80/TCP', verdictOf(from, to)])));
  return runOf(scenarioOf([stepOf(observed, expectedOf(observed, changes))]));
};
const THIRTEEN = Array.from('0123456789abc', (digit, index) => `n/${index < 7 ? 'x' : 'y'}${digit}`);

describe('a wide matrix in the terminal', () => {
  it('has one row and column for pods that no cell distinguishes, and lists them below', () => {
    expect(terminal(runFor(THIRTEEN), { colour: false, width: 40 })).to.equal(`passed  small

           n/x0 +6  n/y7 +5
           80/TCP   80/TCP
  n/x0 +6   .        X
  n/y7 +5   X        .

  . allowed   X blocked

  rows and columns with identical marks are grouped; --full shows each:
    n/x0 +6: n/x1, n/x2, n/x3 and 3 more
    n/y7 +5: n/y8, n/y9, n/ya and 2 more

1 scenario: 1 passed
156 cells: 156 as expected
`);
  });

  it('begins with the rows that have a mismatch, and groups neither of its ends', () => {
    const text = terminal(runFor(THIRTEEN, byLetter, { 'n/y8 > n/x1 80/TCP': 'allow' }), { colour: false, width: 60 });
    expect(text).to.contain(`
           n/x0 +5  n/x1    n/y7 +4  n/y8
           80/TCP   80/TCP  80/TCP   80/TCP
  n/y8      X       [X≠.]    .        #
  n/x0 +5   .        .       X        X
  n/x1      .        #       X        X
  n/y7 +4   X        X       .        .
`);
  });

  it('shows every row and column in their order if all are asked for', () => {
    const changed = runFor(THIRTEEN, byLetter, { 'n/y8 > n/x1 80/TCP': 'allow' });
    const text = terminal(changed, { ...plain, width: 200, full: true });
    const rows = [...text.matchAll(/^ {2}(n\/\w+) {2}.*[.X#]$/gm)].map(([, name]) => name);
    expect(rows).to.deep.equal(THIRTEEN);
    expect(text).to.contain(
      `\n        ${THIRTEEN.map((name) => name.padEnd(6))
        .join('  ')
        .trimEnd()}\n`,
    );
    expect(text).to.not.contain('--full');
  });

  it('shows every row and column of up to 12 that have room in three blocks, and groups 12 that have not', () => {
    const twelve = runFor(THIRTEEN.slice(0, 12));
    for (const width of [200, 60])
      expect(terminal(twelve, { ...plain, width })).to.equal(terminal(twelve, { ...plain, width, full: true }));
    expect(terminal(twelve, { ...plain, width: 30 })).to.contain('n/y7 +4');
  });

  it('groups only if that leaves half of the cells, or makes room for the names', () => {
    // All but two are different: of 13 x 13 cells, 12 x 12 are left.
    const almost: VerdictOf = (from, to) => {
      const [one, other] = [from, to].map((name) => (name === 'n/x1' ? 'n/x0' : name));
      return (one as string) <= (other as string) ? 'allowed' : 'dropped';
    };
    const at = (width: number, full = false) => terminal(runFor(THIRTEEN, almost), { ...plain, width, full });
    expect(at(200)).to.equal(at(200, true));
    // Three blocks take five of the 13 columns each, or four of the 12.
    expect(at(46)).to.equal(at(46, true));
    expect(at(44)).to.contain('n/x0 +1: n/x1');
    expect(at(30)).to.equal(at(30, true));
    // Of 13 x 13 cells 2 x 2 are left.
    expect(terminal(runFor(THIRTEEN), { ...plain, width: 22 })).to.contain('n/x0 +6');
  });

  it('leaves what cannot be grouped in its order', () => {
    const run = runFor(THIRTEEN, oneWay);
    expect(terminal(run, plain)).to.equal(terminal(run, { ...plain, full: true }));
  });

  it('lists 20 groups and counts the others', () => {
    const names = Array.from({ length: 46 }, (_, index) => `n/p${String.fromCharCode(97 + (index % 23))}${index % 2}`);
    expect(terminal(runFor(names), plain)).to.contain('\n    n/pt1 +1: n/pt0\n    … and 3 more\n');
  });

  it('names the rows below if their names leave no room for a column', () => {
    const [one, two] = [`prod/${'a'.repeat(50)}`, `prod/${'b'.repeat(50)}`];
    expect(terminal(runFor([one, two], oneWay), { colour: false, width: 60 })).to.contain(`

          1   2
  row 1   #   .
  row 2   X   #

  ${one}   1 80/TCP
  ${two}   2 80/TCP

  row 1   ${one}
  row 2   ${two}
`);
  });

  const name = fc.string({
    unit: fc.constantFrom('a', 'b', '-', '日', '한', '🙂', 'é', 'e\u0301'),
    minLength: 1,
    maxLength: 9,
  });
  /** With two characters for each that takes two columns, and none for the accent that takes none. */
  const flat = (text: string) => text.replaceAll(/[日한🙂]/gu, 'ww').replaceAll('\u0301', '');

  /** Where a row has its marks. */
  const marksIn = (row: string, from = 0): string =>
    Array.from(row.slice(from).matchAll(/[.X#]/g), ({ index }) => index + from).join(' ');

  it('stands in line at 60, 80 and 200 columns, whatever the names', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { minLength: 2, maxLength: 16 }),
        fc.constantFrom(byLetter, oneWay),
        (names, verdictOf) => {
          const run = runFor(names, verdictOf);
          for (const width of [60, 80, 200]) {
            const lines = flat(terminal(run, { colour: false, width })).split('\n');
            const end = lines.findIndex((line) => line.startsWith('  . allowed') || line.startsWith('  X blocked'));
            const grid = lines.slice(2, end);
            // Heads of columns; what stands below them until a blank line are rows.
            for (const [at, head] of grid.entries()) {
              if (!/^ {3,}[\d]+(\/TCP)?(\s|$)/.test(head)) continue;
              const starts = [...head.matchAll(/\d+(\/TCP)?/g)].map(
                ({ index, 0: text }) => index + (text.includes('/') ? 1 : 0),
              );
              const rows = grid.slice(at + 1);
              const until = rows.indexOf('');
              for (const row of rows.slice(0, until < 0 ? rows.length : until)) {
                if (row.length > width) expect.fail(`more than ${width} columns: ${row}`);
                if (marksIn(row, starts[0]) !== starts.join(' ')) expect.fail(`at ${width} columns:\n${head}\n${row}`);
              }
            }
          }
        },
      ),
      { numRuns: 25 },
    );
  });
});
