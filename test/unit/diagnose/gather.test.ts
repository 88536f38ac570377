/** What is read of a cluster, and what becomes of a diagnosis if a part may not be read. */
import { expect } from 'chai';
import type { ExistingObject } from '../../../src/attach/existing-pod.ts';
import { policyRights, requireRights } from '../../../src/commands/diagnose/rights.ts';
import { type Facts, gather, isKnown } from '../../../src/diagnose/index.ts';
import { readQuestion } from '../../../src/diagnose/question.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { Client, KubeObject } from '../../../src/kube/index.ts';
import { podObject } from '../attach/fake-cluster.ts';
import { fakeClient } from '../deploy/fake-client.ts';
import { failureOf } from '../failure-of.ts';

const labelled = (endpoint: string, app: string): ExistingObject => {
  const object = podObject(endpoint);
  return { ...object, metadata: { ...object.metadata, labels: { app } } };
};
const policy = (namespace: string, name: string, app: string): KubeObject => ({
  metadata: { namespace, name, uid: name },
  spec: { podSelector: { matchLabels: { app } }, policyTypes: ['Ingress'] },
});
const named = (name: string): KubeObject => ({ metadata: { name, labels: { env: name } } });

const NETWORKING = '/apis/networking.k8s.io/v1';
const OBJECTS: Readonly<Record<string, readonly KubeObject[]>> = {
  '/api/v1/namespaces/dev/pods': [labelled('dev/client', 'client')],
  '/api/v1/namespaces/prod/pods': [labelled('prod/web', 'web')],
  '/api/v1/namespaces/shop/pods': [labelled('shop/web', 'web')],
  '/api/v1/namespaces/prod/services': [
    {
      metadata: { namespace: 'prod', name: 'web' },
      spec: { selector: { app: 'web' }, clusterIP: '10.96.0.9', ports: [{ port: 80 }] },
    },
    { metadata: { namespace: 'prod', name: 'bare' }, spec: { clusterIP: '10.96.0.8', ports: [{ port: 80 }] } },
  ],
  '/apis/discovery.k8s.io/v1/namespaces/prod/endpointslices': [],
  '/api/v1/namespaces': ['dev', 'prod', 'shop', 'default'].map(named),
  [`${NETWORKING}/namespaces/prod/networkpolicies`]: [policy('prod', 'closed', 'web')],
  [`${NETWORKING}/namespaces/dev/networkpolicies`]: [],
  [`${NETWORKING}/networkpolicies`]: [
    policy('prod', 'closed', 'web'),
    policy('default', 'lost', 'web'),
    policy('shop', 'own', 'web'),
    policy('shop', 'of-others', 'db'),
  ],
};

/** A cluster that forbids some of its paths, and some rights. */
const clusterWith = (forbidden: (path: string) => boolean = () => false, lacks: readonly string[] = []): Client =>
  fakeClient({
    list: async (path) => {
      if (forbidden(path)) throw new PodreachError(`the API server refused to list ${path}: 403 Forbidden`);
      return OBJECTS[path] ?? [];
    },
    get: async (path) => {
      if (forbidden(path)) throw new PodreachError(`the API server refused to get ${path}: 403 Forbidden`);
      return named(path.split('/').at(-1) ?? '');
    },
    ask: async (review) => {
      const { resourceAttributes: of } = review.spec as { resourceAttributes: Record<string, string> };
      const right = `${of.verb} ${of.resource}${of.subresource ? `/${of.subresource}` : ''} in ${of.namespace}`;
      return { metadata: { name: '' }, status: { allowed: !lacks.includes(right) } };
    },
  });

const { signal } = new AbortController();
const facts = (to = 'prod/web', client = clusterWith(), from = 'dev/client', port = '80'): Promise<Facts> =>
  gather(client, readQuestion({ from, to, port }, 'allow'), signal);

describe('the facts of a diagnosis', () => {
  it('are both pods, their namespaces’ policies, and those that may be in the wrong namespace', async () => {
    const { source, pods, target, policies, elsewhere, asked } = await facts();
    expect(source.endpoint).to.equal('dev/client');
    // Those of shop are read, because a policy there may be meant for prod/web.
    expect(pods.map(({ endpoint }) => endpoint)).to.deep.equal(['dev/client', 'prod/web', 'shop/web']);
    expect(target).to.include({ kind: 'pod', endpoint: 'prod/web' });
    expect(isKnown(policies) && policies.value.policies.map(({ name }) => name)).to.deep.equal(['closed']);
    expect(isKnown(elsewhere) && elsewhere.value.map(({ name }) => name)).to.deep.equal(['lost', 'own']);
    expect(asked).to.deep.equal({ from: 'dev/client', to: 'prod/web', port: 80, protocol: 'TCP' });
  });

  it('are refused for ends that do not exist, with the nearest', async () => {
    const errorOf = async (...of: Parameters<typeof facts>) => (await failureOf(facts(...of))).message;
    expect(await errorOf('prod/wbe')).to.contain('there is no pod prod/wbe; the nearest valid pod is "web"');
    expect(await errorOf('svc:prod/wbe')).to.contain(
      'there is no Service prod/wbe; the nearest valid Service is "web"',
    );
    expect(await errorOf('svc:prod/bare')).to.contain('has no selector');
    expect(await errorOf('prod/web', clusterWith(), 'dev/client', 'http')).to.contain('no port named http');
    expect(await errorOf('2001:db8::7')).to.contain("has no address of the destination's IP family");
  });

  it('name the right that is missing: pods and Services that are asked for are necessary', async () => {
    const without = (part: string, to?: string) =>
      failureOf(
        facts(
          to,
          clusterWith((path) => path === part),
        ),
      );
    expect((await without('/api/v1/namespaces/dev/pods')).message).to.equal('you are not allowed to list pods in dev');
    expect((await without('/api/v1/namespaces/prod/pods')).message).to.equal(
      'you are not allowed to list pods in prod',
    );
    expect((await without('/api/v1/namespaces/prod/services', 'svc:prod/web')).message).to.equal(
      'you are not allowed to list services in prod',
    );
  });

  it('leave out what may not be read otherwise, and say why', async () => {
    const without = (part: string, to?: string, lacks?: readonly string[]) =>
      facts(
        to,
        clusterWith((path) => path === part, lacks),
      );
    expect((await without('/api/v1/namespaces/prod/services')).services).to.deep.equal({
      missing: 'you are not allowed to list services in prod',
    });
    expect((await without(`${NETWORKING}/networkpolicies`)).elsewhere).to.deep.equal({
      missing: 'you are not allowed to list networkpolicies in all namespaces',
    });
    const slices = '/apis/discovery.k8s.io/v1/namespaces/prod/endpointslices';
    expect((await without(slices, 'svc:prod/web')).target).to.have.deep.property('backends', {
      missing: 'you are not allowed to list endpointslices.discovery.k8s.io in prod',
    });
    const lacks = ['list networkpolicies in prod'];
    expect((await without(`${NETWORKING}/namespaces/prod/networkpolicies`, undefined, lacks)).policies).to.deep.equal({
      missing: 'you are not allowed to list networkpolicies.networking.k8s.io in prod',
    });
    expect((await without('/api/v1/namespaces/prod', undefined, ['get namespaces in prod'])).policies).to.deep.equal({
      missing: 'you are not allowed to get namespaces prod',
    });
  });
});

describe('the rights of a diagnosis', () => {
  const rights = (choice: 'auto' | 'ephemeral', ...lacks: readonly string[]) =>
    requireRights(clusterWith(undefined, lacks), 'dev', ['dev', 'prod'], choice, signal);

  it('must be enough for a probe from the source', async () => {
    expect((await failureOf(rights('auto', 'create pods/exec in dev'))).message).to.contain(
      'is not allowed to create pods/exec in dev',
    );
    expect((await failureOf(rights('ephemeral', 'patch pods/ephemeralcontainers in dev'))).message).to.contain(
      'is not allowed to patch pods/ephemeralcontainers in dev',
    );
    const allowed = await rights('auto', 'patch pods/ephemeralcontainers in dev', 'get pods/exec in prod');
    expect([...allowed.mayAdd]).to.deep.equal(['prod']);
    expect([...allowed.noExec]).to.deep.equal([['prod', 'you are not allowed to get pods/exec in prod']]);
  });

  it('say whether policies may be created, and whether they can expire', async () => {
    const of = (...lacks: readonly string[]) => policyRights(clusterWith(undefined, lacks), 'prod', signal);
    expect(await of()).to.deep.equal({ missing: null, mayExpire: true });
    expect(await of('create jobs in prod')).to.deep.equal({ missing: null, mayExpire: false });
    expect(await of('delete networkpolicies in prod')).to.deep.equal({
      missing: 'you are not allowed to delete networkpolicies.networking.k8s.io in prod',
      mayExpire: true,
    });
  });
});
