import { expect } from 'chai';
import { policySet } from '../../../src/deploy/policy-set.ts';
import { PodreachError } from '../../../src/errors.ts';
import { fakeClient } from './fake-client.ts';

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
const failureOf = (action: Promise<unknown>): Promise<PodreachError> =>
  action.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );

describe('policySet', () => {
  it('brings exactly the given policies into force', async () => {
    const client = fakeClient();
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

  it('replaces a policy that an update would leave with an old default', async () => {
    const client = fakeClient();
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
    const client = fakeClient({ get: async () => ({ metadata: { name: 'a' }, spec: { podSelector: {} } }) });
    const set = policySet(client, NAMES);
    await failureOf(set.applyPolicies([policy('a')]));
    await set.removePolicies();
    expect(client.deleted).to.deep.equal([path('a')]);
  });

  it('tells file, line and path when the cluster holds something else', async () => {
    const client = fakeClient({
      get: async () => ({
        metadata: { name: 'a' },
        spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] },
      }),
    });
    const error = await failureOf(policySet(client, NAMES).applyPolicies([policy('a')]));
    expect(error).to.be.instanceOf(PodreachError);
    expect(error.message).to.equal(
      'policies/web.yaml:12: the cluster holds policy a with another spec.ingress[0].from than the file',
    );
  });

  it("tells file and line with the server's refusal", async () => {
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
