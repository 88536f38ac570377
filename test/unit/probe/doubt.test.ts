import { expect } from 'chai';
import { doubtful } from '../../../src/probe/doubt.ts';
import type { Observation, Verdict } from '../../../src/probe/index.ts';
import { endpoint, probe, service } from './fake-targets.ts';

const PODS = ['prod/web-1', 'prod/web-2', 'dev/client'].map((name, index) => endpoint(name, index, []));
const ENDPOINTS = new Map([...PODS, service(['prod/web-1', 'prod/web-2'])].map((one) => [one.endpoint, one] as const));
const seen = (from: string, to: string, verdict: Verdict, port = 8080): Observation => ({
  ...probe(from, to, port),
  ...{ verdict, flaky: true, attempts: 1, detail: 'what was seen' },
});
const verdicts = (observations: readonly Observation[], lost = new Map<string, string>()) =>
  doubtful(observations, ENDPOINTS, lost).map(({ verdict }) => verdict);

describe('doubtful', () => {
  const own = (verdict: Verdict) => seen('prod/web-1', 'prod/web-1', verdict);

  it('makes errors of what a server that does not answer itself is blocked from, and of nothing else', () => {
    for (const unresponsive of ['dropped', 'rejected', 'error'] as const) {
      const cells = (['dropped', 'rejected', 'allowed', 'unsupported'] as const).map((verdict) =>
        seen('dev/client', 'prod/web-1', verdict),
      );
      expect(verdicts([own(unresponsive), ...cells])).to.deep.equal([
        unresponsive,
        'error',
        'error',
        'allowed',
        'unsupported',
      ]);
    }
  });

  it('has no doubt if a server answers itself, or if nothing is known about that', () => {
    for (const sound of ['allowed', 'unsupported'] as const)
      expect(verdicts([own(sound), seen('dev/client', 'prod/web-1', 'dropped')])).to.deep.equal([sound, 'dropped']);
  });

  it('takes a doubted cell for no flaky one, and says why', () => {
    const [, cell] = doubtful([own('dropped'), seen('dev/client', 'prod/web-1', 'dropped')], ENDPOINTS, new Map());
    expect(cell).to.include({ flaky: false, detail: 'prod/web-1 does not even answer itself there; what was seen' });
  });

  it('goes by port', () => {
    expect(verdicts([own('dropped'), seen('dev/client', 'prod/web-1', 'dropped', 80)])).to.deep.equal([
      'dropped',
      'dropped',
    ]);
  });

  it('doubts a Service with any such server behind it', () => {
    const toService = seen('dev/client', 'svc:prod/web', 'dropped', 80);
    expect(verdicts([seen('prod/web-2', 'prod/web-2', 'dropped'), toService])).to.deep.equal(['dropped', 'error']);
    expect(verdicts([seen('prod/web-2', 'prod/web-2', 'dropped', 80), toService])).to.deep.equal([
      'dropped',
      'dropped',
    ]);
  });

  it('doubts no Service for a port that it does not have', () => {
    const toService = seen('dev/client', 'svc:prod/web', 'dropped', 81);
    expect(verdicts([own('dropped'), toService])).to.deep.equal(['dropped', 'dropped']);
  });

  it('goes by protocol and family', () => {
    const udp = { ...seen('dev/client', 'prod/web-1', 'dropped'), protocol: 'UDP' } as const;
    const six = { ...seen('dev/client', 'prod/web-1', 'dropped'), family: 'IPv6' } as const;
    expect(verdicts([own('dropped'), udp, six])).to.deep.equal(['dropped', 'dropped', 'dropped']);
  });

  it('makes an error of every cell of an endpoint that was lost, but of one that nobody could try', () => {
    const lost = new Map([['prod/web-1', 'it is gone']]);
    const cells = [
      seen('prod/web-1', 'prod/web-2', 'allowed'),
      seen('dev/client', 'prod/web-1', 'dropped'),
      seen('dev/client', 'prod/web-1', 'unsupported'),
      seen('dev/client', 'prod/web-2', 'dropped'),
    ];
    expect(verdicts(cells, lost)).to.deep.equal(['error', 'error', 'unsupported', 'dropped']);
    expect(doubtful(cells, ENDPOINTS, lost)[0]?.detail).to.equal('prod/web-1 broke: it is gone');
  });
});
