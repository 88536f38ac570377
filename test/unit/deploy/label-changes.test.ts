import { expect } from 'chai';
import { requireLabels } from '../../../src/deploy/label-changes.ts';
import type { KubeObject } from '../../../src/kube/client.ts';
import { readPolicies } from '../../../src/model/index.ts';
import type { Topology } from '../../../src/scenario/index.ts';
import { failureOf } from '../failure-of.ts';
import { topologyOf } from '../run/fake-stage.ts';
import { fakeClient } from './fake-client.ts';

const policies = (spec: object) =>
  readPolicies([
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'p', namespace: 'prod' }, spec },
  ]);

const TOPOLOGY: Topology = {
  ...topologyOf(),
  namespaces: topologyOf().namespaces.map((one) => ({
    ...one,
    labels: { team: 'shop' },
    pods: one.pods.map((pod) => ({ ...pod, labels: { app: pod.name } })),
  })),
};
const BY_APP = policies({ podSelector: { matchLabels: { app: 'web' } } });
const BY_TEAM = policies({
  podSelector: {},
  ingress: [{ from: [{ namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] } }] }],
});
const BY_NAME = policies({
  podSelector: {},
  egress: [{ to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'prod' } } }] }],
});

/** A cluster that holds the topology, but for the labels by `prod/web` or `prod`. */
const clusterWith = (changed: Readonly<Record<string, Readonly<Record<string, string>>>> = {}) => {
  const pods = TOPOLOGY.namespaces.flatMap(({ pods: own }) => own);
  return fakeClient({
    list: async (path): Promise<KubeObject[]> =>
      path.endsWith('/namespaces')
        ? TOPOLOGY.namespaces.map(({ name, labels }) => ({
            metadata: { name: `${name}-x7k2a`, labels: changed[name] ?? { ...labels, 'podreach/run': 'r' } },
          }))
        : pods
            .filter(({ namespace }) => path.includes(`/${namespace}-x7k2a/`))
            .map(({ endpoint, name, labels }) => ({ metadata: { name, labels: changed[endpoint] ?? labels } })),
  });
};

const require = (client: ReturnType<typeof clusterWith>, asked: ReturnType<typeof policies>) =>
  requireLabels(client, { topology: TOPOLOGY, namespaceOf: (name) => `${name}-x7k2a` }, asked);

describe('requireLabels', () => {
  it('is content with the labels of the scenario, and with others that no policy asks for', async () => {
    for (const asked of [BY_APP, BY_TEAM, BY_NAME]) await require(clusterWith(), asked);
    await require(clusterWith({ 'prod/web': { app: 'web', injected: 'yes' }, prod: { team: 'shop', x: 'y' } }), BY_APP);
  });

  it('names a pod that lost a label that a policy asks for', async () => {
    const { message, hint } = await failureOf(require(clusterWith({ 'prod/web': {} }), BY_APP));
    expect(message).to.contain('pod prod/web has no label app instead of app=web');
    expect(hint).to.contain('webhook');
  });

  it('names a namespace whose label was changed, and one that got a label', async () => {
    const changed = await failureOf(require(clusterWith({ prod: { team: 'blog' } }), BY_TEAM));
    expect(changed.message).to.contain('namespace prod has team=blog instead of team=shop');
    const gone = await failureOf(require(clusterWith({ prod: {} }), BY_TEAM));
    expect(gone.message).to.contain('namespace prod has no label team instead of team=shop');
  });

  it('looks at nothing if no policy asks for labels', async () => {
    await require(fakeClient({}), policies({ podSelector: {} }));
  });
});
