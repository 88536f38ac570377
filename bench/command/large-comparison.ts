import { stringify } from 'yaml';
import { generateCluster } from '../model/generator.ts';

const SIZE = { namespaces: 200, pods: 10_000, policies: 1_000 };
/** Larger files are refused. */
const PODS_IN_A_FILE = 500;
const CHANGED = 501;

/**
 * The files of two states of a cluster by path, below `before/` and `after/`: 10,000 pods and 1,000 policies as manifests, a file
 * for each policy, of which one also lets in the pods of its namespace.
 */
export const largeComparison = (): Readonly<Record<string, string>> => {
  const { world, manifests } = generateCluster(SIZE);
  const namespaces = world.namespaces.map(({ name, labels }) => {
    return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  });
  const pods = world.pods.map(({ name, namespace, labels, ports }) => ({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels } },
    spec: {
      containers: [
        {
          ...{ name: 'main', image: 'app:1' },
          ports: (ports ?? []).map(({ number, protocol, name: its }) => ({
            containerPort: number,
            protocol,
            ...(its && { name: its }),
          })),
        },
      ],
    },
  }));
  const shared: Readonly<Record<string, string>> = {
    'namespaces.yaml': textOf(namespaces),
    ...Object.fromEntries(
      Array.from({ length: Math.ceil(pods.length / PODS_IN_A_FILE) }, (_, at) => [
        `pods-${at}.yaml`,
        textOf(pods.slice(at * PODS_IN_A_FILE, (at + 1) * PODS_IN_A_FILE)),
      ]),
    ),
  };
  const sides = { before: manifests, after: manifests.map((policy, at) => (at === CHANGED ? opened(policy) : policy)) };
  return Object.fromEntries(
    Object.entries(sides).flatMap(([side, policies]) => [
      ...Object.entries(shared).map(([name, text]) => [`${side}/${name}`, text]),
      ...policies.map((policy, at) => [`${side}/policy-${at}.yaml`, textOf([policy])]),
    ]),
  );
};

const textOf = (objects: readonly unknown[]): string => objects.map((object) => stringify(object)).join('---\n');

const opened = (policy: unknown): unknown => {
  const { spec, ...rest } = policy as { readonly spec: Readonly<Record<string, unknown>> };
  return { ...rest, spec: { ...spec, policyTypes: ['Ingress'], ingress: [{ from: [{ podSelector: {} }] }] } };
};
