import { expect } from 'chai';
import { policyLeftovers, withTemporaryPolicies } from '../../../src/deploy/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import { ownerText, thisOwner } from '../../../src/host/index.ts';
import type { KubeObject, Manifest } from '../../../src/kube/index.ts';
import { failureOf } from '../failure-of.ts';
import { fakeClient } from './fake-client.ts';

const POLICIES = [
  { namespace: 'dev', spec: { podSelector: {} } },
  { namespace: 'prod', spec: { podSelector: {} } },
];

/** A cluster that remembers what was done, and refuses what it is told to. */
const cluster = (refuses: (what: string) => boolean = () => false) => {
  const done: string[] = [];
  const bodies: Manifest[] = [];
  const note = (what: string) => {
    done.push(what);
    if (refuses(what)) throw new PodreachError(`refused to ${what}`);
  };
  const client = fakeClient({
    create: async (manifest) => {
      const { namespace, name } = manifest.metadata as KubeObject['metadata'];
      note(`create ${manifest.kind} ${namespace}/${name}`);
      bodies.push(manifest);
      return { metadata: { namespace: namespace ?? '', name, uid: `uid-in-${namespace}` } };
    },
    delete: async (path) => note(`delete ${path.split('/').slice(-3).join('/')}`),
  });
  return { client, done, bodies };
};

const options = (mayExpire = ['dev', 'prod']) => ({
  ...{ name: 'podreach-1', seconds: 60, mayExpire: new Set(mayExpire) },
  signal: new AbortController().signal,
});

describe('temporary policies', () => {
  it('belong to a Job that expires, which is there first, and are removed before it', async () => {
    const { client, done, bodies } = cluster();
    expect(await withTemporaryPolicies(client, POLICIES, options(), async () => done.push('work'))).to.equal(5);
    expect(done).to.deep.equal([
      'create Job dev/podreach-1',
      'create Job prod/podreach-1',
      'create NetworkPolicy dev/podreach-1-1',
      'create NetworkPolicy prod/podreach-1-2',
      'work',
      'delete dev/networkpolicies/podreach-1-1',
      'delete prod/networkpolicies/podreach-1-2',
      'delete dev/jobs/podreach-1',
      'delete prod/jobs/podreach-1',
    ]);
    const [job, , policy] = bodies.map((body) => ({ metadata: body.metadata as object, spec: body.spec as object }));
    expect(job?.spec).to.include({ parallelism: 0, activeDeadlineSeconds: 60, ttlSecondsAfterFinished: 0 });
    expect(policy?.metadata).to.deep.include({
      ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'podreach-1', uid: 'uid-in-dev' }],
      labels: { 'podreach/diagnose': 'podreach-1' },
    });
  });

  it('are removed whatever happens', async () => {
    const failing = cluster();
    const work = () => Promise.reject(new PodreachError('it broke'));
    expect((await failureOf(withTemporaryPolicies(failing.client, POLICIES, options(), work))).message).to.equal(
      'it broke',
    );
    expect(failing.done.slice(-4))
      .to.have.lengthOf(4)
      .and.to.satisfy((all: string[]) => all.every((one) => one.startsWith('delete')));
    const halfway = cluster((what) => what === 'create NetworkPolicy prod/podreach-1-2');
    await failureOf(withTemporaryPolicies(halfway.client, POLICIES, options(), async () => 0));
    expect(halfway.done).to.include.members(['delete dev/networkpolicies/podreach-1-1', 'delete dev/jobs/podreach-1']);
  });

  it('keep what makes them expire if they could not be removed', async () => {
    const { client, done } = cluster((what) => what === 'delete prod/networkpolicies/podreach-1-2');
    const error = await failureOf(withTemporaryPolicies(client, POLICIES, options(), async () => 0));
    expect(error.message).to.contain('networkpolicies/podreach-1-2 could not be removed');
    expect(done.filter((one) => one.includes('delete') && one.includes('jobs'))).to.deep.equal([]);
  });

  it('do without it where no Job may be created', async () => {
    const { client, done, bodies } = cluster();
    await withTemporaryPolicies(client, POLICIES, options([]), async () => 0);
    expect(done.filter((one) => /job/iv.test(one))).to.deep.equal([]);
    expect(bodies[0]?.metadata).not.to.have.property('ownerReferences');
  });

  it('are left over once their process is gone', async () => {
    const alive = await thisOwner();
    const policy = (name: string, owner?: string): KubeObject => ({
      metadata: { namespace: 'prod', name, annotations: owner === undefined ? {} : { 'podreach/owner': owner } },
    });
    const list = async () => [
      policy('alive', ownerText(alive)),
      policy('dead', ownerText({ ...alive, pid: 4_194_305, started: '1' })),
      policy('of-somebody'),
    ];
    const found = await policyLeftovers(fakeClient({ list }), { namespace: 'prod' });
    expect(found.map(({ what, name }) => `${what} ${name}`)).to.deep.equal(['policy prod/dead']);
  });
});
