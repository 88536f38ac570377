import { expect } from 'chai';
import { terminal } from '../../../src/report/index.ts';
import { expectedOf, runOf, scenarioOf, seen, stepOf } from './sample-run.ts';

const plain = { colour: false } as const;

describe('the picture in the terminal', () => {
  it('prints the grid of a passing scenario, with a legend for its marks only', () => {
    const observed = [seen(['a/x', 'a/y', '80/TCP', 'allowed']), seen(['a/y', 'a/y', '80/TCP', 'allowed'])];
    expect(terminal(runOf(scenarioOf([stepOf(observed)])), plain)).to.equal(`passed  small

       a/y
       80/TCP
  a/x   .
  a/y   #

  . allowed   # a pod to itself

1 scenario: 1 passed
1 cell: 1 as expected
`);
  });

  const OUTSIDE = [
    seen(['a/x', 'a/x', '80/TCP', 'allowed']),
    seen(['a/x', 'host:office', '443/TCP', 'allowed']),
    seen(['a/x', 'host:lab', '53/UDP', 'dropped']),
    seen(['host:office', 'a/x', '80/TCP', 'dropped']),
    seen(['host:lab', 'a/x', '80/TCP', 'allowed']),
  ];

  it('leaves the cells from host to host blank', () => {
    const expected = expectedOf(OUTSIDE, { 'host:lab > a/x 80/TCP': 'deny' });
    expect(terminal(runOf(scenarioOf([stepOf(OUTSIDE, expected)])), plain)).to.equal(`failed  small

               a/x     host:office  host:lab
               80/TCP  443/TCP      53/UDP
  a/x           #       .            X
  host:office   X
  host:lab     [.≠X]

  . allowed   X blocked   [.≠X] allowed, expected blocked   # a pod to itself

  host:lab -> a/x 80/TCP: expected deny, seen allowed

1 scenario: 1 failed
4 cells: 3 as expected, 1 not as expected
`);
  });

  it('keeps what stands behind a blank cell in line', () => {
    const inFront = [...OUTSIDE.slice(1), ...OUTSIDE.slice(0, 1)];
    expect(terminal(runOf(scenarioOf([stepOf(inFront)])), plain)).to.contain(`

               host:office  host:lab  a/x
               443/TCP      53/UDP    80/TCP
  a/x           .            X         #
  host:office                          X
  host:lab                             .

`);
    expect(terminal(runOf(scenarioOf([stepOf(inFront)])), { colour: false, width: 25 })).to.contain(`

                1   2   3
  a/x           .   X   #
  host:office           X
  host:lab              .

`);
  });

  it('breaks the columns between destinations into up to three blocks under their names', () => {
    const observed = [
      seen(['a/x', 'a/y', '80/TCP', 'allowed']),
      seen(['a/x', 'a/y', '443/TCP', 'dropped']),
      seen(['a/x', 'b/zz', '53/UDP', 'dropped']),
      seen(['a/x', 'c/z', '53/UDP', 'allowed']),
      seen(['a/x', 'd/z', '53/UDP', 'allowed']),
    ];
    const blocks = `

       a/y
       80/TCP  443/TCP
  a/x   .       X

       b/zz    c/z
       53/UDP  53/UDP
  a/x   X       .

       d/z
       53/UDP
  a/x   .

  . allowed`;
    const run = runOf(scenarioOf([stepOf(observed)]));
    const width = '       80/TCP  443/TCP'.length;
    expect(terminal(run, { colour: false, width })).to.contain(blocks);
    // A fourth block is one too many.
    expect(terminal(run, { colour: false, width: width - 1, full: true })).to.contain('  a/x   .   X   X   .');
    const more = runOf(scenarioOf([stepOf([...observed, seen(['a/x', 'e/z', '53/UDP', 'allowed'])])]));
    expect(terminal(more, { colour: false, width })).to.contain(
      '       53/UDP  53/UDP\n  a/x   .       .\n\n  . allowed',
    );
    const most = runOf(
      scenarioOf([stepOf([...observed, ...['e', 'f'].map((one) => seen(['a/x', `${one}/z`, '53/UDP', 'allowed']))])]),
    );
    expect(terminal(most, { colour: false, width, full: true })).to.contain('  a/x   .   X   X   .');
  });

  it('breaks a destination that is wider than a block between its ports, and names each part', () => {
    const observed = [80, 443, 8080].map((port) => seen(['a/x', 'prod/long-name', `${port}/TCP`, 'allowed']));
    expect(terminal(runOf(scenarioOf([stepOf(observed)])), { colour: false, width: 24 })).to.contain(`

       prod/long-name
       80/TCP  443/TCP
  a/x   .       .

       prod/long-name
       8080/TCP
  a/x   .

`);
  });

  it('numbers the columns, breaks them into bands and names them below when they are too many', () => {
    const observed = [
      seen(['a/x', 'a/y', '80/TCP', 'allowed']),
      seen(['a/x', 'a/y', '443/TCP', 'dropped']),
      seen(['a/x', 'b/zz', '53/UDP', 'dropped']),
    ];
    const step = stepOf(observed, expectedOf(observed, { 'a/x > b/zz 53/UDP': 'allow' }));
    expect(terminal(runOf(scenarioOf([step])), { colour: false, width: 13 })).to.contain(`

        1   2
  a/x   .   X

        3
  a/x  [X≠.]

  a/y    1 80/TCP
         2 443/TCP
  b/zz   3 53/UDP
`);
  });

  it('uses the width to its last column', () => {
    const observed = [seen(['a/x', 'a/y', '80/TCP', 'allowed']), seen(['a/x', 'a/y', '443/TCP', 'dropped'])];
    const run = runOf(scenarioOf([stepOf(observed)]));
    const named = '       80/TCP  443/TCP\n';
    expect(terminal(run, { colour: false, width: named.trimEnd().length })).to.contain(named);
    expect(terminal(run, { colour: false, width: named.trimEnd().length - 1 })).to.not.contain(named);
    const numbered = '  a/x   .   X\n';
    expect(terminal(run, { colour: false, width: 13 })).to.contain(numbered);
    expect(terminal(run, { colour: false, width: 12 })).to.not.contain(numbered);
  });
});
