import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { predict } from '../../src/matrix/index.ts';
import { loadScenarios, type Scenario } from '../../src/scenario/index.ts';
import { withFiles, writeFiles } from '../unit/scenario/temporary-folder.ts';

const label = fc.constantFrom('a', 'b', 'c');
const labels = fc.dictionary(fc.constantFrom('app', 'tier'), label, { maxKeys: 2 });
const port = fc.record({ port: fc.constantFrom(80, 8080, 9090), protocol: fc.constantFrom('TCP', 'UDP') });
const ports = fc.uniqueArray(port, { maxLength: 3, selector: (one) => `${one.port}/${one.protocol}` });
const kind = fc.constantFrom('Deployment', 'DaemonSet', 'ReplicaSet', 'Pod', 'CronJob');
const pods = fc.dictionary(fc.constantFrom('web', 'api', 'db'), fc.record({ labels, ports, kind }), { maxKeys: 3 });
const namespaces = fc.dictionary(fc.constantFrom('prod', 'dev'), fc.record({ labels, pods }), {
  minKeys: 1,
  maxKeys: 2,
});

const selector = fc.dictionary(fc.constantFrom('app', 'tier'), label, { maxKeys: 1 });
const peer = fc.oneof(
  fc.record({ podSelector: selector.map((matchLabels) => ({ matchLabels })) }),
  fc.record({ namespaceSelector: selector.map((matchLabels) => ({ matchLabels })) }),
);
const rule = fc.record({ peers: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 1 }) });
const policy = fc.record({
  namespace: fc.nat(),
  podSelector: selector.map((matchLabels) => ({ matchLabels })),
  ingress: fc.option(fc.array(rule, { maxLength: 2 }), { nil: undefined }),
  egress: fc.option(fc.array(rule, { maxLength: 2 }), { nil: undefined }),
});

type Namespaces = typeof namespaces extends fc.Arbitrary<infer Value> ? Value : never;
type Policy = typeof policy extends fc.Arbitrary<infer Value> ? Value : never;

const manifestOf = ({ namespace, ingress, egress, podSelector }: Policy, index: number, names: readonly string[]) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: `p${index}`, namespace: names[namespace % names.length] },
  spec: {
    podSelector,
    policyTypes: [...(ingress ? ['Ingress'] : []), ...(egress ? ['Egress'] : [])],
    ...(ingress && { ingress: ingress.map(({ peers, ports: own }) => ({ from: peers, ports: own })) }),
    ...(egress && { egress: egress.map(({ peers, ports: own }) => ({ to: peers, ports: own })) }),
  },
});

/** A Service for each pod that serves something, on its first port. */
const servicesOf = (all: Namespaces) =>
  Object.entries(all).flatMap(([namespace, { pods: own }]) =>
    Object.entries(own).flatMap(([name, pod]) =>
      pod.ports[0] && Object.keys(pod.labels).length > 0
        ? [{ namespace, name, selector: pod.labels, port: pod.ports[0] }]
        : [],
    ),
  );

/** The pods of a Service serve its target port, even where they declare none. */
const served = (all: Namespaces): Namespaces => {
  const services = servicesOf(all);
  const portsOf = (namespace: string, { labels: own, ports: declared }: Namespaces[string]['pods'][string]) => {
    const targets = services
      .filter(
        (one) =>
          one.namespace === namespace && Object.entries(one.selector).every(([key, value]) => own[key] === value),
      )
      .map((one) => one.port);
    return [...new Map([...declared, ...targets].map((one) => [`${one.port}/${one.protocol}`, one])).values()];
  };
  return Object.fromEntries(
    Object.entries(all).map(([name, namespace]) => [
      name,
      {
        ...namespace,
        pods: Object.fromEntries(
          Object.entries(namespace.pods).map(([own, pod]) => [own, { ...pod, ports: portsOf(name, pod) }]),
        ),
      },
    ]),
  );
};

const scenarioOf = (all: Namespaces): string =>
  stringify({
    namespaces: Object.fromEntries(
      Object.entries(served(all)).map(([name, { labels: own, pods: its }]) => [
        name,
        {
          labels: own,
          pods: Object.fromEntries(Object.entries(its).map(([pod, { kind: _, ...rest }]) => [pod, rest])),
        },
      ]),
    ),
    services: Object.fromEntries(
      servicesOf(all).map(({ namespace, name, selector: its, port: { port: number, protocol } }) => [
        `${namespace}/${name}`,
        { selector: its, port: number, protocol },
      ]),
    ),
  });

const objectsOf = (all: Namespaces): readonly object[] => [
  ...Object.entries(all).map(([name, { labels: own }]) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: own },
  })),
  ...Object.entries(all).flatMap(([namespace, { pods: own }]) =>
    Object.entries(own).map(([name, pod]) => {
      const containers = [
        { name: 'main', ports: pod.ports.map(({ port: containerPort, protocol }) => ({ containerPort, protocol })) },
      ];
      const template = { metadata: { labels: pod.labels }, spec: { containers } };
      if (pod.kind === 'Pod')
        return {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name, namespace, labels: pod.labels },
          spec: template.spec,
        };
      const spec = pod.kind === 'CronJob' ? { jobTemplate: { spec: { template } } } : { template };
      const apiVersion = pod.kind === 'CronJob' ? 'batch/v1' : 'apps/v1';
      return { apiVersion, kind: pod.kind, metadata: { name, namespace }, spec };
    }),
  ),
  ...servicesOf(all).map(({ namespace, name, selector: its, port: one }) => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: its, ports: [one] },
  })),
];

const predictionsOf = (scenario: Scenario | undefined) =>
  predict(scenario?.steps[0] ?? expect.fail('no scenario'))
    .map(({ from, to, port: number, protocol, decision }) => `${from} ${to} ${number}/${protocol} ${decision}`)
    .toSorted();

const yamlOf = (objects: readonly object[]): string => objects.map((one) => `---\n${stringify(one)}`).join('');

describe('a topology written out as manifests', () => {
  it('is predicted as the same topology in scenario.yaml', () =>
    withFiles({}, (folder) =>
      fc.assert(
        fc.asyncProperty(namespaces, fc.array(policy, { maxLength: 3 }), async (all, written) => {
          fc.pre(Object.values(all).some(({ pods: own }) => Object.keys(own).length > 0));
          const policies = yamlOf(written.map((one, index) => manifestOf(one, index, Object.keys(all))));
          await writeFiles(folder, {
            'byhand/scenario.yaml': `${scenarioOf(all)}${written.length === 0 ? 'policies: []\n' : ''}`,
            'byhand/policies/p.yaml': policies,
            'manifests/app.yaml': `${yamlOf(objectsOf(all))}${policies}`,
          });
          const [byHand] = await loadScenarios([join(folder, 'byhand')]);
          const [manifests] = await loadScenarios([join(folder, 'manifests')]);
          expect(predictionsOf(manifests)).to.deep.equal(predictionsOf(byHand));
          expect(manifests?.notes).to.equal(undefined);
        }),
        { numRuns: 18 },
      ),
    )).timeout(60_000);
});
