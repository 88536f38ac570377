import { expect } from 'chai';
import { aliveUntil, isExpired, isSilent, KEPT_MS, keepAlive, LIFE_MS, stayAlive } from '../../../src/deploy/alive.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { KubeObject } from '../../../src/kube/client.ts';
import { fakeClient } from './fake-client.ts';

const MINUTE_MS = 60_000;

describe('a sign of life', () => {
  const { setInterval, clearInterval } = globalThis;
  let tick: (() => void) | undefined;
  let everyMs: number | undefined;
  beforeEach(() => {
    tick = undefined;
    globalThis.setInterval = ((work: () => void, ms: number) => {
      [tick, everyMs] = [work, ms];
      return { unref: () => 'timer' };
    }) as unknown as typeof setInterval;
    globalThis.clearInterval = (() => {
      tick = undefined;
    }) as typeof clearInterval;
  });
  afterEach(() => {
    globalThis.setInterval = setInterval;
    globalThis.clearInterval = clearInterval;
  });

  const patchedIn = (namespaces: readonly KubeObject[]) => {
    const patched: { path: string; forMs: number }[] = [];
    const client = fakeClient({
      list: async (path, { labelSelector } = {}) => {
        expect([path, labelSelector]).to.deep.equal(['/api/v1/namespaces', 'podreach/run=run-1']);
        return namespaces;
      },
      patch: async (path, body) => {
        const { metadata } = body as KubeObject;
        expect(Object.keys(metadata)).to.deep.equal(['annotations']);
        patched.push({ path, forMs: (aliveUntil(metadata.annotations) ?? 0) - Date.now() });
        return { metadata: { name: '' } };
      },
    });
    return { client, patched };
  };

  it('is renewed each minute on one namespace that is to stay, until the run is over', async () => {
    const { client, patched } = patchedIn([
      { metadata: { name: 'going', deletionTimestamp: '2026-01-01T00:00:00Z' } },
      { metadata: { name: 'prod-a' } },
      { metadata: { name: 'prod-b' } },
    ]);
    const stop = keepAlive(client, 'run-1');
    expect(everyMs).to.equal(MINUTE_MS);
    expect(patched).to.deep.equal([]);
    tick?.();
    await new Promise(setImmediate);
    expect(patched.map(({ path }) => path)).to.deep.equal(['/api/v1/namespaces/prod-a']);
    expect(patched[0]?.forMs).to.be.within(LIFE_MS - 5_000, LIFE_MS);
    stop();
    expect(tick).to.equal(undefined);
  });

  it('does not end the run if it cannot be renewed', async () => {
    const client = fakeClient({ list: () => Promise.reject(new PodreachError('no answer')) });
    keepAlive(client, 'run-1');
    tick?.();
    await new Promise(setImmediate);
    keepAlive(patchedIn([]).client, 'run-1');
    tick?.();
    await new Promise(setImmediate);
  });

  it('lasts half a day for pods that are kept', async () => {
    const { client, patched } = patchedIn([]);
    await stayAlive(client, ['a', 'b'], KEPT_MS);
    expect(patched.map(({ path }) => path)).to.deep.equal(['/api/v1/namespaces/a', '/api/v1/namespaces/b']);
    for (const { forMs } of patched) expect(forMs / 3_600_000).to.be.closeTo(12, 0.01);
  });

  it('is over when its time has passed, and doubtful once three renewals are left out', () => {
    const from = (minutes: number) => Date.now() + minutes * MINUTE_MS;
    expect([from(-0.1), from(0.1)].map(isExpired)).to.deep.equal([true, false]);
    expect([from(11.9), from(12.1)].map(isSilent)).to.deep.equal([true, false]);
  });

  it('is read from what it was written as, and from nothing else', () => {
    expect(aliveUntil({ 'podreach/alive-until': '2026-01-01T00:00:00.000Z' })).to.equal(Date.UTC(2026, 0, 1));
    for (const annotations of [undefined, {}, { 'podreach/alive-until': 'rubbish' }, { 'podreach/alive-until': '' }])
      expect(aliveUntil(annotations)).to.equal(undefined);
  });
});
