import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { baseline, findFaults } from '../../../src/probe/baseline.ts';
import type { Observation } from '../../../src/probe/index.ts';
import { endpoint, fakeTargets, NO_SCTP, OPEN, probe, REFUSED, TIMED_OUT } from './fake-targets.ts';

const NAMES = ['prod/web', 'prod/api', 'dev/client'];
const PODS = NAMES.map((name, index) => endpoint(name, index, [{ number: 80, protocol: 'TCP' }]));
const MATRIX = NAMES.flatMap((from) => NAMES.map((to) => probe(from, to)));

/** A matrix that is open but for what `blocked` says. */
const seen = (blocked: (from: string, to: string) => boolean): readonly Observation[] =>
  MATRIX.map((one) => {
    const shut = blocked(one.from, one.to);
    return {
      ...one,
      verdict: shut ? 'dropped' : 'allowed',
      flaky: false,
      attempts: 1,
      detail: shut ? 'no answer' : '',
    };
  });

describe('findFaults', () => {
  it('finds none where all is open', () => expect(findFaults(seen(() => false))).to.deep.equal([]));

  it('blames the server that does not answer its own pod', () =>
    expect(findFaults(seen((_from, to) => to === 'prod/web'))).to.deep.equal([
      'prod/web does not listen on 80/TCP (from itself: no answer)',
    ]));

  it('blames the way to a pod that only others do not reach', () =>
    expect(findFaults(seen((from, to) => to === 'prod/web' && from !== to))).to.deep.equal([
      'nothing else reaches prod/web on 80/TCP: its node or the way there (no answer)',
    ]));

  it('blames the source that reaches no other', () =>
    expect(findFaults(seen((from, to) => from === 'dev/client' && from !== to))).to.deep.equal([
      'dev/client reaches nothing else, though others do (no answer)',
    ]));

  it('names the single paths that are left', () =>
    expect(findFaults(seen((from, to) => from === 'dev/client' && to === 'prod/web'))).to.deep.equal([
      'dev/client does not reach prod/web on 80/TCP (no answer)',
    ]));

  it('blames every server when all are down', () =>
    expect(findFaults(seen(() => true))).to.deep.equal(
      NAMES.map((name) => `${name} does not listen on 80/TCP (from itself: no answer)`),
    ));
});

describe('baseline', () => {
  it('waits for a server that is slow to listen, asking again only what failed', async () => {
    const targets = fakeTargets(PODS, (asked, _from, attempt) =>
      asked.host === '10.0.0.1' && attempt < 3 ? REFUSED : OPEN,
    );
    await baseline(targets, MATRIX);
    expect(targets.execs).to.have.length(9);
  });

  it('takes what this kernel can not open for no fault', async () => {
    await baseline(
      fakeTargets(PODS, () => NO_SCTP),
      [probe('prod/web', 'prod/api', 9000, 'SCTP')],
      { deadlineMs: 50 },
    );
  });

  it('says who is at fault at the deadline', async () => {
    const targets = fakeTargets(PODS, (asked) => (asked.host === '10.0.0.1' ? TIMED_OUT : OPEN));
    const error: unknown = await baseline(targets, MATRIX, { deadlineMs: 50 }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(PodreachError);
    expect((error as PodreachError).message).to.equal(
      'without any policy, 3 of 9 probes do not get through after 0.05 s: prod/web does not listen on 80/TCP ' +
        '(from itself: nc: no answer after 2000 ms; wget: no answer after 2000 ms)',
    );
  });
});
