import { expect } from 'chai';
import { changedPods } from '../../../src/attach/changed-pods.ts';
import { type ExistingObject, existingPod } from '../../../src/attach/existing-pod.ts';
import { fakeCluster, podObject } from './fake-cluster.ts';

const web = podObject('prod/web');
const pods = [web, podObject('dev/web')].map((pod) => existingPod(pod, null));

const changed = async (now: ExistingObject | null) =>
  Object.fromEntries(await changedPods(fakeCluster([...(now ? [now] : []), podObject('dev/web')]), pods));

describe('changedPods', () => {
  it('finds none if all are as they were, labels and readiness aside', async () => {
    const metadata = { ...web.metadata, labels: { new: 'yes' } };
    const status = { ...web.status, conditions: [{ type: 'Ready', status: 'False' }] };
    expect(await changed({ ...web, metadata, status })).to.deep.equal({});
  });

  const statuses = web.status?.containerStatuses?.map((one) => ({ ...one, restartCount: 1 })) ?? [];
  for (const [reason, now] of Object.entries({
    'it is gone': null,
    'another pod has taken its place': { ...web, metadata: { ...web.metadata, uid: 'uid-9' } },
    'it is being deleted': { ...web, metadata: { ...web.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } },
    'it is now Failed, not Running': { ...web, status: { ...web.status, phase: 'Failed' } },
    'its address has changed': { ...web, status: { ...web.status, podIPs: [{ ip: '10.0.0.2' }] } },
    'one of its containers was restarted': { ...web, status: { ...web.status, containerStatuses: statuses } },
  } satisfies Record<string, ExistingObject | null>))
    it(`finds that ${reason}`, async () => {
      expect(await changed(now)).to.deep.equal({ 'prod/web': reason });
    });
});
