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
    expect(terminal(runOf(scenarioOf([stepOf(inFront)])), { colour: false, width: 28 })).to.contain(`

                1   2   3
  a/x           .   X   #
  host:office           X
  host:lab              .

`);
  });

  it('numbers the columns, breaks them into bands and names them below when they are too many', () => {
    const observed = [
      seen(['a/x', 'a/y', '80/TCP', 'allowed']),
      seen(['a/x', 'a/y', '443/TCP', 'dropped']),
      seen(['a/x', 'b/zz', '53/UDP', 'dropped']),
    ];
    const step = stepOf(observed, expectedOf(observed, { 'a/x > b/zz 53/UDP': 'allow' }));
    expect(terminal(runOf(scenarioOf([step])), { colour: false, width: 16 })).to.contain(`

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
