import { expect } from 'chai';
import { terminal } from '../../../src/report/index.ts';
import { predicted, runOf, scenarioOf, seen, stepOf, whyOpen } from './sample-run.ts';

const plain = { colour: false } as const;
const BOTH = ['IPv4', 'IPv6'] as const;
const pods = ['a/x', 'svc:a/y', '80/TCP'] as const;

describe('the terminal, of two families', () => {
  const [four, six] = BOTH.map((family) => seen([...pods, family === 'IPv4' ? 'allowed' : 'rejected'], { family }));

  it('has a column for each, and names the family of what differs', () => {
    if (!four || !six) return expect.fail('no cells');
    const expected = BOTH.map((family) => ({
      ...{ from: 'a/x', to: 'svc:a/y', port: 80, protocol: 'TCP' as const, family },
      expectation: 'allow' as const,
    }));
    expect(terminal(runOf(scenarioOf([stepOf([four, six], expected)])), plain)).to.equal(`failed  small

       svc:a/y
       80/TCP v4  80/TCP v6
  a/x   .         [R≠.]

  . allowed   [R≠.] refused, expected allowed

  a/x -> svc:a/y 80/TCP over IPv6: expected allow, seen rejected

1 scenario: 1 failed
2 cells: 1 as expected, 1 not as expected
`);
  });

  it('finds the command and the reason of each by its own key', () => {
    if (!four || !six) return expect.fail('no cells');
    const observed = [
      { ...four, verdict: 'dropped' as const },
      { ...six, verdict: 'dropped' as const },
    ];
    const expected = BOTH.map((family) => ({
      ...{ from: 'a/x', to: 'svc:a/y', port: 80, protocol: 'TCP' as const, family },
      expectation: 'allow' as const,
    }));
    const repeat = new Map(BOTH.map((family) => [`a/x > svc:a/y 80/TCP ${family}`, `repeat ${family}`]));
    const why = new Map([['a/x > svc:a/y 80/TCP IPv6', whyOpen('v6/y')]]);
    expect(terminal(runOf(scenarioOf([stepOf(observed, expected, { repeat, why })])), plain)).to.contain(`
  a/x -> svc:a/y 80/TCP over IPv4: expected allow, seen dropped
    repeat IPv4
  a/x -> svc:a/y 80/TCP over IPv6: expected allow, seen dropped
    ingress of v6/y: allowed, no policy selects it for ingress
    repeat IPv6
`);
  });
});

describe('the terminal, of what the specification leaves undefined', () => {
  const observed = [seen(['a/x', 'a/y', '80/TCP', 'allowed']), seen(['a/x', 'nodeport:a/y', '80/TCP', 'dropped'])];
  const predictions = [{ ...predicted(['a/x', 'nodeport:a/y', '80/TCP', 'unknown']), leftOpen: true }];

  it('shows what was seen, and neither judges nor hides it', () => {
    const text = terminal(runOf(scenarioOf([stepOf(observed, undefined, {}, predictions)])), plain);
    expect(text).to.equal(`passed  small

       a/y     nodeport:a/y
       80/TCP  80/TCP
  a/x   .      (X)

  . allowed   (X) blocked, undefined by the specification

1 scenario: 1 passed
2 cells: 1 as expected, 1 undefined by the specification
`);
  });

  it('proves nothing by it alone', () => {
    const step = stepOf(observed.slice(1), undefined, {}, predictions);
    expect(step.status).to.equal('error');
    expect(terminal(runOf(scenarioOf([step])), plain)).to.contain('no cell could be judged, so nothing is proven');
  });
});

describe('the terminal, without SCTP', () => {
  it('says so once, with the cells', () => {
    const detail = "this kernel can't open SCTP sockets";
    const observed = [
      seen(['a/x', 'a/y', '80/TCP', 'allowed']),
      ...['a/y', 'a/z'].map((to) => ({
        ...seen(['a/x', to, '80/TCP', 'unsupported'], { detail }),
        port: 9000,
        protocol: 'SCTP' as const,
      })),
    ];
    const text = terminal(runOf(scenarioOf([stepOf(observed)])), plain);
    expect(text).to.contain(`
  unsupported in 2 cells: this kernel can't open SCTP sockets
    a/x -> a/y 9000/SCTP, a/x -> a/z 9000/SCTP
`);
    expect(text).to.match(/^error {2}small/);
  });
});
