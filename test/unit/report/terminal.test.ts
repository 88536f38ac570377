import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Verdict } from '../../../src/probe/index.ts';
import { terminal } from '../../../src/report/index.ts';
import { anyCharacter } from '../any-text.ts';
import { expectedOf, predicted, runOf, sampleRun, scenarioOf, seen, stepOf, whyOpen } from './sample-run.ts';

const plain = { colour: false } as const;

const SAMPLE = `error  small  (deploy 1.2 s, settle 340 ms, probe 1.6 s)
  Only api may reach web.

              prod/web  prod/api
              80/TCP    8080/TCP  53/UDP
  prod/web     #         X        [R≠.]
  prod/api     .         #         #
  dev/client  [.≠X]     [~]       [?]

  . allowed   X blocked   [.≠X] allowed, expected blocked   [R≠.] refused, expected allowed
  [~] flaky   [?] error, nothing is known   # a pod to itself

  prod/web -> prod/api 53/UDP: expected allow, seen rejected (nc: Connection refused after 3 ms)
  dev/client -> prod/web 80/TCP: expected deny, seen allowed (nc: connected after 2 ms)
    kubectl -n dev exec client -- nc 10.0.0.1 80
  dev/client -> prod/api 8080/TCP: expected deny, flaky in 3 attempts, last seen dropped

  error in 1 cell: the exec ended without its last line
    dev/client -> prod/api 53/UDP

1 scenario: 1 error
6 cells: 2 as expected, 2 not as expected, 1 flaky, 1 error
cluster 41.0 s, deploy 1.2 s, settle 340 ms, probe 1.6 s, total 1 min 5 s
`;

describe('terminal', () => {
  it('draws both matrices as one picture and explains what differs', () => {
    expect(terminal(sampleRun, plain)).to.equal(SAMPLE);
  });

  it('says the same with colour', () => {
    const coloured = terminal(sampleRun, { colour: true });
    expect(coloured).to.not.equal(SAMPLE);
    expect(stripVTControlCharacters(coloured)).to.equal(SAMPLE);
  });

  it('breaks text between words at the width of the terminal, and no command', () => {
    const text = terminal(sampleRun, { ...plain, width: 60 });
    expect(text).to.contain(`
  prod/web -> prod/api 53/UDP: expected allow, seen rejected
    (nc: Connection refused after 3 ms)
`);
    const narrow = terminal(sampleRun, { ...plain, width: 20 });
    expect(narrow).to.contain('\n  Only api may reach\n    web.\n');
    expect(narrow).to.contain('\n    kubectl -n dev exec client -- nc 10.0.0.1 80\n');
  });

  it('names what a step opened and closed, among what was seen for certain', () => {
    const stepWith = (...verdicts: readonly [Verdict, Verdict, Verdict, Verdict]) =>
      stepOf(
        verdicts.map((verdict, at) => seen([`a/${at}`, 'a/y', '80/TCP', verdict])),
        null,
      );
    const steps = [
      stepWith('allowed', 'dropped', 'allowed', 'error'),
      stepWith('rejected', 'allowed', 'allowed', 'dropped'),
      stepWith('dropped', 'error', 'unsupported', 'dropped'),
    ];
    const [, first = '', second = ''] = terminal(runOf(scenarioOf(steps)), plain).split(/step [23] of 3/);
    expect(first.split('\n').filter((line) => line.includes('since'))).to.deep.equal([
      '  opened since the step before: a/1 -> a/y 80/TCP',
      '  closed since the step before: a/0 -> a/y 80/TCP',
    ]);
    expect(second).not.to.contain('since the step before');
  });

  it('names the first ten cells that a step closed, and counts the others', () => {
    const stepWith = (verdict: Verdict) =>
      stepOf(Array.from({ length: 12 }, (_, at) => seen([`a/${at}`, 'a/y', '80/TCP', verdict])));
    const text = terminal(runOf(scenarioOf([stepWith('allowed'), stepWith('dropped')])), plain);
    expect(text).to.match(/closed since the step before: a\/0 -> .*, a\/9 -> a\/y 80\/TCP and 2 more\n/);
  });

  it('gives each of several steps its heading, picture and problem', () => {
    const first = stepOf([seen(['a/x', 'a/y', '80/TCP', 'allowed'])], undefined, { name: 'before' });
    const second = stepOf([], null, { name: 'after', problem: 'The API server refused it\nsaying no', hint: 'Wait.' });
    expect(terminal(runOf(scenarioOf([first, second], { status: 'error' })), plain)).to.equal(`error  small

  passed  step 1 of 2: before

       a/y
       80/TCP
  a/x   .

  . allowed

  error  step 2 of 2: after

  error: The API server refused it
    saying no
  hint: Wait.

1 scenario with 2 steps: 1 error
1 cell: 1 as expected
`);
  });

  it('says why nothing is proven when no cell could be judged', () => {
    const step = stepOf([seen(['a/x', 'a/y', '80/TCP', 'allowed'])], null);
    const text = terminal(runOf(scenarioOf([step])), plain);
    expect(text).to.contain('error: no cell could be judged, so nothing is proven');
    expect(text).to.contain('1 cell: 1 without an expectation');
  });

  it('lists 20 differences and counts the rest', () => {
    const observed = Array.from({ length: 23 }, (_, index) => seen(['a/x', 'a/y', `${index + 1}/TCP`, 'allowed']));
    const expected = expectedOf(observed).map((probe) => ({ ...probe, expectation: 'deny' as const }));
    const text = terminal(runOf(scenarioOf([stepOf(observed, expected)])), plain);
    expect(text).to.contain('  a/x -> a/y 20/TCP: expected deny, seen allowed\n  … and 3 more\n');
    expect(text).to.not.contain('a/y 21/TCP:');
  });

  it('groups errors by what was said, five cells by name', () => {
    const broken = Array.from({ length: 7 }, (_, index) =>
      seen(['a/x', 'a/y', `${index + 1}/TCP`, 'error'], { detail: 'no shell' }),
    );
    const missing = { from: 'a/x', to: 'a/z', port: 1, protocol: 'TCP', expectation: 'deny' } as const;
    expect(terminal(runOf(scenarioOf([stepOf(broken, [missing])])), plain)).to.contain(`
  error in 7 cells: no shell
    a/x -> a/y 1/TCP, a/x -> a/y 2/TCP, a/x -> a/y 3/TCP, a/x -> a/y 4/TCP, a/x -> a/y 5/TCP, … and 2 more
  error in 1 cell: expected but not probed
    a/x -> a/z 1/TCP
`);
  });

  it('reports what is unsupported, beside what passed', () => {
    const observed = [
      seen(['a/x', 'a/y', '80/TCP', 'allowed']),
      seen(['a/x', 'a/y', '9/TCP', 'unsupported'], { detail: 'no SCTP here' }),
    ];
    const text = terminal(runOf(scenarioOf([stepOf(observed)])), plain);
    expect(text).to.contain('  a/x   .       -\n\n  . allowed   - unsupported here\n');
    expect(text).to.contain('  unsupported in 1 cell: no SCTP here\n    a/x -> a/y 9/TCP\n');
  });

  it('distinguishes a policy that is not as expected from a CNI that does not do what the policy says', () => {
    const observed = [
      seen(['a/x', 'a/y', '1/TCP', 'allowed']),
      seen(['a/x', 'a/y', '2/TCP', 'dropped']),
      seen(['a/x', 'a/y', '3/TCP', 'allowed']),
      seen(['a/x', 'a/y', '4/TCP', 'dropped'], { detail: 'nc: timed out' }),
      seen(['a/x', 'a/y', '5/TCP', 'allowed']),
      seen(['a/x', 'a/x', '6/TCP', 'dropped']),
    ];
    const expected = expectedOf(observed, {
      'a/x > a/y 1/TCP': 'deny',
      'a/x > a/y 2/TCP': 'allow',
      'a/x > a/y 3/TCP': 'deny',
    });
    const predictions = [
      predicted(['a/x', 'a/y', '1/TCP', 'allow']),
      predicted(['a/x', 'a/y', '2/TCP', 'allow']),
      predicted(['a/x', 'a/y', '3/TCP', 'unknown']),
      predicted(['a/x', 'a/y', '4/TCP', 'allow']),
      predicted(['a/x', 'a/y', '5/TCP', 'allow']),
      predicted(['a/x', 'a/x', '6/TCP', 'allow']),
    ];
    const why = new Map([
      ['a/x > a/y 1/TCP', whyOpen('a/y', 'b/y')],
      ['a/x > a/y 4/TCP', whyOpen('a/y')],
    ]);
    const repeat = new Map([['a/x > a/y 1/TCP', 'kubectl exec']]);
    const step = stepOf(observed, expected, { why, repeat }, predictions);
    expect(terminal(runOf(scenarioOf([step])), plain)).to.equal(`failed  small

       a/y                                 a/x
       1/TCP  2/TCP   3/TCP  4/TCP  5/TCP  6/TCP
  a/x  [.≠X]  [X≠.]!  [.≠X]   X!     .      #

  . allowed   X blocked   [.≠X] allowed, expected blocked   [X≠.] blocked, expected allowed
  # a pod to itself   ! the CNI and the specification disagree

  a/x -> a/y 1/TCP: expected deny, seen allowed
    the policy is not what you expected: according to the specification the policies allow this
    ingress of a/y: allowed, no policy selects it for ingress
    ingress of b/y: allowed, no policy selects it for ingress
    kubectl exec
  a/x -> a/y 2/TCP: expected allow, seen dropped
    the CNI and the specification disagree: according to the specification the policies allow this
  a/x -> a/y 3/TCP: expected deny, seen allowed
    the model can't tell what the specification says about it
  the first 2 are explained here; \`podreach explain\` explains any other

  the CNI and the specification disagree, which no expectation shows:
    a/x -> a/y 4/TCP: expected deny, seen dropped (nc: timed out), but the specification says allow
      ingress of a/y: allowed, no policy selects it for ingress

1 scenario: 1 failed
5 cells: 2 as expected, 3 not as expected
the CNI and the specification disagree in 2 cells
`);
  });

  it('says so when there was no scenario', () => {
    expect(terminal(runOf(), plain)).to.equal('error: no scenario was run\n');
  });

  it('counts each status', () => {
    const step = stepOf([seen(['a/x', 'a/y', '80/TCP', 'allowed'])]);
    const run = runOf(...(['pass', 'fail', 'pass', 'error'] as const).map((status) => scenarioOf([step], { status })));
    expect(terminal(run, plain)).to.contain('\n4 scenarios: 2 passed, 1 failed, 1 error\n4 cells: 4 as expected\n');
  });

  it('lets no text steer the terminal or begin a line of its own', () => {
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom('\u001b[2J', '\u009b', '\n', '\r', '\u202e', '\u2028', '\u200b', '\u007f', '\ud800', '\u0000'),
        anyCharacter,
      ),
      minLength: 1,
    });
    fc.assert(
      fc.property(nasty, fc.constantFrom('allowed', 'dropped', 'error', 'unsupported'), (text, verdict) => {
        const observed = [
          seen([text, 'a/y', '80/TCP', verdict], { detail: text }),
          seen(['a/y', text, '1/TCP', verdict]),
        ];
        const step = stepOf(observed, expectedOf(observed, { [`${text} > a/y 80/TCP`]: 'deny' }), {
          name: text,
          problem: text,
          hint: text,
          repeat: new Map([[`${text} > a/y 80/TCP`, text]]),
          why: new Map([[`${text} > a/y 80/TCP`, whyOpen(text)]]),
        });
        const printed = terminal(runOf(scenarioOf([step, step], { name: text, intent: text })), plain);
        expect(printed.replaceAll('\n', '')).to.not.match(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        const flush = printed.split('\n').filter((line) => /^\S/.test(line));
        // The scenario's heading and the two lines of the summary.
        expect(flush).to.have.length(3);
      }),
      { numRuns: 40 },
    );
  }).timeout(20_000);
});
