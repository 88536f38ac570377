import { expect } from 'chai';
import { type ExistingPod, existingPod } from '../../../src/attach/existing-pod.ts';
import type { Observation } from '../../../src/probe/index.ts';
import { doubted } from '../../../src/run/probe-doubts.ts';
import { podObject } from '../attach/fake-cluster.ts';

const pod = (endpoint: string, proxy: string | null = null): [string, ExistingPod] => [
  endpoint,
  { ...existingPod(podObject(endpoint), null), proxy },
];
const endpoints = new Map([pod('a/x'), pod('a/y'), pod('a/meshed', 'istio-proxy')]);

const cell = (
  from: string,
  to: string,
  verdict: Observation['verdict'],
  changes: Partial<Observation> = {},
): Observation => ({
  from,
  to,
  port: 80,
  protocol: 'TCP',
  verdict,
  flaky: false,
  attempts: 1,
  detail: 'as seen',
  ...changes,
});

const verdictsOf = (...cells: readonly Observation[]) => doubted(cells, { endpoints }).map(({ verdict }) => verdict);

describe('doubted', () => {
  it('takes what was seen as it is where the server reaches itself', () => {
    const cells = [
      cell('a/y', 'a/y', 'allowed'),
      cell('a/x', 'a/y', 'dropped'),
      cell('a/z', 'a/y', 'rejected'),
      cell('a/w', 'a/y', 'allowed'),
    ];
    expect(doubted(cells, { endpoints })).to.deep.equal(cells);
  });

  it('believes no connection of a pod whose mesh makes it, but every refusal', () => {
    const own = cell('a/y', 'a/y', 'allowed');
    expect(verdictsOf(own, cell('a/meshed', 'a/y', 'allowed'))).to.deep.equal(['allowed', 'error']);
    expect(verdictsOf(own, cell('a/meshed', 'a/y', 'dropped'))).to.deep.equal(['allowed', 'dropped']);
    const udp = { port: 53, protocol: 'UDP' } as const;
    expect(verdictsOf(cell('a/meshed', 'a/y', 'allowed', udp))).to.deep.equal(['allowed']);
    expect(verdictsOf(cell('a/meshed', 'a/meshed', 'allowed'), cell('a/x', 'a/meshed', 'dropped'))).to.deep.equal([
      'allowed',
      'dropped',
    ]);
    const [, meshed] = doubted([own, cell('a/meshed', 'a/y', 'allowed', { flaky: true })], { endpoints });
    expect(meshed).to.deep.include({ flaky: false });
    expect(meshed?.detail).to.contain('istio-proxy').and.to.contain('as seen');
  });

  it('says the same of every source if nothing listens', () => {
    const own = cell('a/y', 'a/y', 'rejected');
    const doubt = (detail: string) => cell('a/x', 'a/y', 'error', { detail });
    const [kept, one, other] = doubted([own, doubt('after 1 ms'), doubt('after 9 ms')], { endpoints });
    expect(kept).to.equal(own);
    expect(one?.detail).to.equal('nothing listens there: a/y does not reach itself (rejected)');
    expect(other?.detail).to.equal(one?.detail);
  });

  it('leaves the reason of what was never tried, and of other servers', () => {
    const own = cell('a/y', 'a/y', 'rejected');
    const untried = cell('a/x', 'a/y', 'error', { attempts: 0, detail: 'gone' });
    const other = cell('a/x', 'a/y', 'error', { port: 81, detail: 'broke' });
    const family = cell('a/x', 'a/y', 'error', { family: 'IPv6', detail: 'broke as well' });
    expect(doubted([own, untried, other, family], { endpoints }).map(({ detail }) => detail)).to.deep.equal([
      'as seen',
      'gone',
      'broke',
      'broke as well',
    ]);
  });

  it('believes no silence if the server could not be asked, unless somebody reached it', () => {
    const mute = cell('a/y', 'a/y', 'error', { attempts: 0 });
    const silence = [cell('a/x', 'a/y', 'dropped'), cell('a/z', 'a/y', 'rejected')];
    expect(verdictsOf(mute, ...silence)).to.deep.equal(['error', 'error', 'error']);
    expect(verdictsOf(...silence)).to.deep.equal(['error', 'error']);
    expect(verdictsOf(mute, ...silence, cell('a/w', 'a/y', 'allowed'))).to.deep.equal([
      'error',
      'dropped',
      'rejected',
      'allowed',
    ]);
    const elsewhere = cell('a/w', 'a/y', 'allowed', { port: 81 });
    expect(verdictsOf(mute, ...silence, elsewhere)).to.deep.equal(['error', 'error', 'error', 'allowed']);
  });

  it('does not count as reached what a mesh only seems to reach', () => {
    const mute = cell('a/y', 'a/y', 'error', { attempts: 0 });
    expect(verdictsOf(mute, cell('a/x', 'a/y', 'dropped'), cell('a/meshed', 'a/y', 'allowed'))).to.deep.equal([
      'error',
      'error',
      'error',
    ]);
  });
});
