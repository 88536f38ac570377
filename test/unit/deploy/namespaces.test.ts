import { expect } from 'chai';
import { aliveUntil } from '../../../src/deploy/alive.ts';
import { createNamespace, namespaceManifest, untilGone } from '../../../src/deploy/namespaces.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { Client, KubeObject } from '../../../src/kube/client.ts';
import { failureOf } from '../failure-of.ts';
import { fakeClient } from './fake-client.ts';

const MARK = { runId: 'run-1', owner: 'here 1 2' };
const taken = new PodreachError(
  'the API server refused to create Namespace prod-x7k2a: 409 Conflict: it already exists',
);

/** A cluster in which the namespace stands already, as this. */
const clusterWith = (there?: KubeObject, refusal = taken) =>
  fakeClient({
    create: () => Promise.reject(refusal),
    get: async (path) => {
      expect(path).to.equal('/api/v1/namespaces/prod-x7k2a');
      if (!there) throw new PodreachError('404');
      return there;
    },
    apply: () => expect.fail('it was adopted'),
  });

describe('a namespace of a run', () => {
  it('carries the run, its owner and a sign of life for a quarter of an hour, besides the labels of the scenario', () => {
    const { metadata } = namespaceManifest('prod-x7k2a', { environment: 'prod' }, MARK) as unknown as KubeObject;
    expect(metadata.labels).to.deep.equal({ environment: 'prod', 'podreach/run': 'run-1' });
    expect(metadata.annotations?.['podreach/owner']).to.equal('here 1 2');
    expect((aliveUntil(metadata.annotations) ?? 0) - Date.now()).to.be.within(14 * 60_000, 15 * 60_000);
  });

  const manifest = namespaceManifest('prod-x7k2a', {}, MARK);
  const asThere = (changes: object = {}) => ({ ...(manifest as unknown as KubeObject), ...changes });

  it('is created, never adopted', async () => {
    const client = fakeClient({ apply: () => expect.fail('it was applied') });
    await createNamespace(client, manifest);
    expect(client.applied).to.deep.equal([manifest]);
  });

  it('is refused if it is another run’s, or nobody’s', async () => {
    const another = namespaceManifest('prod-x7k2a', {}, { ...MARK, runId: 'run-2' }) as unknown as KubeObject;
    for (const there of [another, { metadata: { name: 'prod-x7k2a' } }]) {
      const failure = await failureOf(createNamespace(clusterWith(there), manifest));
      expect(failure).to.be.instanceOf(PodreachError);
      expect(failure.message).to.equal('the namespace prod-x7k2a already exists, and this run did not create it');
      expect(failure.hint).to.contain('kubectl delete namespace prod-x7k2a');
    }
  });

  it('is taken if an earlier request created it, whose answer got lost', async () => {
    await createNamespace(clusterWith(asThere()), manifest);
  });

  it('fails as the cluster does if it is not there', async () => {
    const forbidden = new PodreachError('403');
    expect(await failureOf(createNamespace(clusterWith(undefined, forbidden), manifest))).to.equal(forbidden);
  });

  it('is gone once none of its name is listed', async () => {
    const named = (...names: readonly string[]) => names.map((name) => ({ metadata: { name } }));
    let waits = 0;
    const waitFor: Client['waitFor'] = async (path, predicate, { labelSelector, deadlineMs, describe: missing }) => {
      waits += 1;
      expect([path, labelSelector, deadlineMs]).to.deep.equal(['/api/v1/namespaces', 'podreach/run', 5000]);
      expect(predicate(named('prod-a', 'other'))).to.equal(false);
      expect(predicate(named('other'))).to.equal(true);
      expect(await missing?.(named('prod-a', 'other'))).to.equal('still there: prod-a');
      return [];
    };
    await untilGone(fakeClient({ waitFor }), ['prod-a', 'prod-b'], 5000);
    expect(waits).to.equal(1);
  });
});
