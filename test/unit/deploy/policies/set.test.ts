import { expect } from 'chai';
import { policySet } from '../../../../src/deploy/policies/set.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { failureOf } from '../../failure-of.ts';
import { fakeClient } from '../fake-client.ts';
import { fakePolicies } from './fake-policies.ts';

const NAMES = new Map([['prod', 'prod-x7k2a']]);
const policy = (name: string, namespace = 'prod') => ({
  name,
  namespace,
  file: 'policies/web.yaml',
  line: 12,
  manifest: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
  },
});
const path = (name: string) => `/apis/networking.k8s.io/v1/namespaces/prod-x7k2a/networkpolicies/${name}`;

describe('policySet', () => {
  it('brings exactly the given policies into force', async () => {
    const { client } = fakePolicies();
    const set = policySet(client, NAMES);
    await set.applyPolicies([policy('a'), policy('b')]);
    expect(client.deleted).to.deep.equal([]);
    await set.applyPolicies([policy('b'), policy('c')]);
    expect(client.deleted).to.deep.equal([path('a')]);
    await set.removePolicies();
    expect(client.deleted.slice(1).sort()).to.deep.equal([path('b'), path('c')]);
    await set.removePolicies();
    expect(client.deleted).to.have.length(3);
  });

  it('tells of each request that changes something, once the API server has accepted it', async () => {
    const { client } = fakePolicies();
    const set = policySet(client, NAMES);
    const acceptedBy = async (...names: readonly string[]): Promise<number> => {
      const accepted: true[] = [];
      await set.applyPolicies(
        names.map((name) => policy(name)),
        () => void accepted.push(true),
      );
      return accepted.length;
    };
    expect(await acceptedBy('a', 'b')).to.equal(2);
    expect(await acceptedBy('a', 'b')).to.equal(0);
    expect(await acceptedBy('b')).to.equal(1);
  });

  it('forgets the policies of a namespace that is gone, and never looks into another of that name', async () => {
    const { client } = fakePolicies();
    const names = new Map([...NAMES, ['dev', 'dev-x7k2a']]);
    const set = policySet(client, names);
    await set.applyPolicies([policy('a'), policy('b', 'dev')]);
    names.delete('dev');
    client.waitFor = async (asked) => expect.fail(`nothing to wait for at ${asked}`);
    await set.applyPolicies([policy('a')]);
    await set.requirePolicies();
    expect(client.deleted).to.deep.equal([]);
  });

  it('replaces a policy that an update would leave with an old default', async () => {
    const client = fakeClient({ waitFor: async () => [] });
    const set = policySet(client, NAMES);
    let policyTypes: readonly string[] | undefined;
    client.apply = async (manifest) => {
      const spec = manifest.spec as { egress?: unknown };
      policyTypes ??= spec.egress ? ['Ingress', 'Egress'] : ['Ingress'];
      const object = { metadata: { name: 'a' }, spec: { ...spec, policyTypes } };
      client.objects.set(path('a'), object);
      return object;
    };
    client.delete = async (gone) => {
      client.deleted.push(gone);
      policyTypes = undefined;
    };
    await set.applyPolicies([policy('a')]);
    const { manifest, ...rest } = policy('a');
    await set.applyPolicies([{ ...rest, manifest: { ...manifest, spec: { podSelector: {}, egress: [{}] } } }]);
    expect(client.deleted).to.deep.equal([path('a')]);
    expect(policyTypes).to.deep.equal(['Ingress', 'Egress']);
  });

  it('removes even what was refused half-way', async () => {
    const client = fakeClient({
      get: async () => ({ metadata: { name: 'a' }, spec: { podSelector: {} } }),
      waitFor: async () => [],
    });
    const set = policySet(client, NAMES);
    await failureOf(set.applyPolicies([policy('a')]));
    await set.removePolicies();
    expect(client.deleted).to.deep.equal([path('a')]);
  });

  it('reports file, line and path when the cluster holds something else', async () => {
    const client = fakeClient({
      get: async () => ({
        metadata: { name: 'a' },
        spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] },
      }),
    });
    const error = await failureOf(policySet(client, NAMES).applyPolicies([policy('a')]));
    expect(error).to.be.instanceOf(PodreachError);
    expect(error.message).to.equal(
      'policies/web.yaml:12: the cluster has policy a with a different spec.ingress[0].from than the file',
    );
  });

  it("reports file and line with the server's refusal", async () => {
    const client = fakeClient({
      apply: async () => {
        throw new PodreachError('400 Bad Request: unknown field "spec.ingres"');
      },
    });
    const error = await failureOf(policySet(client, NAMES).applyPolicies([policy('a')]));
    expect(error.message).to.equal('policies/web.yaml:12: 400 Bad Request: unknown field "spec.ingres"');
  });

  it('refuses a namespace that the deployment lacks, before anything is sent', async () => {
    const client = fakeClient();
    const error = await failureOf(policySet(client, NAMES).applyPolicies([policy('a', 'kube-system')]));
    expect(error.message).to.contain('policies/web.yaml:12: policy a is for namespace kube-system');
    expect(client.applied).to.deep.equal([]);
  });
});

describe('policySet, of a policy that outlives its deletion', () => {
  const held = {
    ...policy('a'),
    manifest: { ...policy('a').manifest, metadata: { name: 'a', finalizers: ['x.io/y'] } },
  };

  it('throws an error that names the policy and its finalizers, and says so each time', async () => {
    const { client, held: objects } = fakePolicies();
    const set = policySet(client, NAMES, { goneMs: 3000 });
    await set.applyPolicies([held, policy('b')]);
    const removals = [() => set.removePolicies(), () => set.applyPolicies([policy('b')])];
    for (const remove of [...removals, ...removals])
      expect((await failureOf(remove())).message).to.equal(
        'the end of the policies deleted from prod-x7k2a: gave up waiting after 3 s: ' +
          'a (policies/web.yaml:12) is kept by its finalizers x.io/y',
      );
    objects.clear();
    await set.removePolicies();
  });

  it('waits for its end before it puts another in its place', async () => {
    const { client } = fakePolicies();
    const { apply } = client;
    // Keeps what it once filled in, as the API server does.
    client.apply = async (manifest) =>
      apply({ ...manifest, spec: { ...(manifest.spec as object), policyTypes: ['Egress'] } });
    const set = policySet(client, NAMES);
    await failureOf(set.applyPolicies([held]));
    expect((await failureOf(set.applyPolicies([held]))).message).to.contain('is kept by its finalizers x.io/y');
  });

  it('waits for as many at once as there are', async () => {
    const { client } = fakePolicies();
    const { apply } = client;
    client.apply = async (manifest) =>
      apply({ ...manifest, spec: { ...(manifest.spec as object), policyTypes: ['Egress'] } });
    const set = policySet(client, NAMES);
    const many = Array.from({ length: 30 }, (_, index) => policy(`p${index}`));
    await failureOf(set.applyPolicies(many));
    expect((await failureOf(set.applyPolicies(many))).message).to.contain('with a different spec.policyTypes');
  });
});

describe('policySet, of policies that somebody else changes', () => {
  const PATH = path('a');
  const setOf = async () => {
    const cluster = fakePolicies();
    const set = policySet(cluster.client, NAMES, { others: ['podreach-nodes-x7k2a'] });
    await set.applyPolicies([policy('a')]);
    await set.requirePolicies();
    return { ...cluster, set, problem: async () => (await failureOf(set.requirePolicies())).message };
  };
  const NO_LONGER = 'the policies are no longer those that were applied, so nothing is judged: ';
  const A = 'policy prod/a (policies/web.yaml:12)';
  const foreign = (name: string, namespace: string) => ({
    ...policy(name).manifest,
    metadata: { name, namespace },
  });

  it('says which is gone', async () => {
    const { held, problem } = await setOf();
    held.delete(PATH);
    expect(await problem()).to.equal(`${NO_LONGER}${A} is gone`);
  });

  it('says which is being deleted', async () => {
    const { client, held, problem } = await setOf();
    const object = held.get(PATH);
    if (object) held.set(PATH, { ...object, metadata: { ...object.metadata, finalizers: ['x.io/y'] } });
    await client.delete(PATH);
    expect(await problem()).to.equal(`${NO_LONGER}${A} is being deleted`);
  });

  it('says which has another spec, and where', async () => {
    const { put, problem } = await setOf();
    put({ ...foreign('a', 'prod-x7k2a'), spec: { podSelector: {}, ingress: [{}] } });
    expect(await problem()).to.equal(`${NO_LONGER}${A} has a different spec.ingress[0].from`);
  });

  it('says which had another spec for a while', async () => {
    const { put, problem } = await setOf();
    put({ ...foreign('a', 'prod-x7k2a'), spec: { podSelector: {}, ingress: [{}] } });
    put(foreign('a', 'prod-x7k2a'));
    expect(await problem()).to.equal(`${NO_LONGER}${A} was changed and changed back`);
  });

  it('says which was made again', async () => {
    const { client, put, problem } = await setOf();
    await client.delete(PATH);
    put(foreign('a', 'prod-x7k2a'));
    expect(await problem()).to.equal(`${NO_LONGER}${A} was deleted and created again`);
  });

  it('says which appeared, beside the nodes too, and nothing of other namespaces', async () => {
    const { put, problem } = await setOf();
    put(foreign('b', 'prod-x7k2a'));
    put(foreign('c', 'podreach-nodes-x7k2a'));
    put(foreign('d', 'default'));
    expect(await problem()).to.equal(
      `${NO_LONGER}policy prod/b, which the scenario does not have, appeared; ` +
        'policy podreach-nodes-x7k2a/c, which the scenario does not have, appeared',
    );
  });

  it('says so of a few, and counts the others', async () => {
    const { put, problem } = await setOf();
    for (let index = 0; index < 40; index += 1) put(foreign(`b${index}`, 'prod-x7k2a'));
    expect(await problem()).to.match(/, appeared; and 35 more$/);
  });

  it('takes an update and a removal of its own for no change', async () => {
    const { set } = await setOf();
    const { manifest, ...rest } = policy('a');
    await set.applyPolicies([{ ...rest, manifest: { ...manifest, spec: { podSelector: {} } } }, policy('b')]);
    await set.requirePolicies();
    await set.applyPolicies([policy('b')]);
    await set.requirePolicies();
    await set.removePolicies();
    await set.requirePolicies();
  });
});
