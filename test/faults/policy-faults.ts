import type { Collection, KubeObject } from './cluster/objects.ts';
import { POLICIES } from './cluster/paths.ts';
import type { Mutation } from './cluster/rest.ts';
import type { SimulatedCluster } from './cluster/simulated-cluster.ts';
import { type Fault, whileProbing } from './fault.ts';

/** Does something to the policies of `prod`, as another party with rights in the cluster would, while a matrix is probed. */
const toPolicies = (act: (cluster: SimulatedCluster, at: Collection) => void) => (cluster: SimulatedCluster) =>
  whileProbing(cluster, { act: (named) => act(cluster, { ...POLICIES, namespace: named('prod') }) });

const changed = (cluster: SimulatedCluster, at: Collection, change: (policy: KubeObject) => KubeObject): void => {
  const policy = cluster.store.get(at, 'web-from-dev');
  if (policy) cluster.store.put(at, change(policy));
};

const mutating = (change: Mutation) => () => ({ mutate: change });

const isPolicyOf = ({ plural, namespace = '' }: Collection, { metadata }: KubeObject, name: string): boolean =>
  plural === 'networkpolicies' && namespace.startsWith('prod-') && metadata.name === name;

export const policyFaults: readonly Fault[] = [
  {
    name: 'policy deleted by another party while probing',
    arrange: toPolicies((cluster, at) => cluster.store.remove(at, 'web-from-dev')),
    exitCode: 2,
    says: [/web-from-dev/v],
  },
  {
    name: 'policy changed by another party while probing',
    arrange: toPolicies((cluster, at) =>
      changed(cluster, at, (policy) => ({ ...policy, spec: { ...policy.spec, ingress: [{}] } })),
    ),
    exitCode: 2,
    says: [/web-from-dev/v],
  },
  {
    name: 'policy added by another party while probing',
    arrange: toPolicies((cluster, at) =>
      cluster.store.put(at, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'foreign' },
        spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] },
      }),
    ),
    exitCode: 2,
    says: [/foreign/v],
  },
  {
    name: 'policy deleted by another party at once',
    arrange: (cluster) => {
      cluster.store.follow(({ type, collection, object }) => {
        if (type === 'ADDED' && isPolicyOf(collection, object, 'web-from-dev'))
          setTimeout(() => cluster.store.remove(collection, object.metadata.name), 100);
      });
      return {};
    },
    exitCode: 2,
    says: [/web-from-dev/v],
  },
  {
    name: 'admission webhook that changes a policy',
    arrange: mutating((collection, object) =>
      isPolicyOf(collection, object, 'web-from-dev') ? { ...object, spec: { ...object.spec, ingress: [{}] } } : object,
    ),
    exitCode: 2,
    says: [/policies\/web\.yaml:1/v, /web-from-dev with a different spec\.ingress/v, /webhook/v],
  },
  {
    name: "admission webhook that changes a pod's labels",
    arrange: mutating((collection, object) =>
      collection.plural === 'pods' && object.metadata.name === 'db'
        ? { ...object, metadata: { ...object.metadata, labels: {} } }
        : object,
    ),
    exitCode: 2,
    says: [/prod\/db|prod-\w+\/db/v, /label/v],
  },
  {
    name: 'finalizer that keeps a deleted policy for a while',
    // `two` expects prod/db to be open to all, which `one` closes: on the same pods, right before.
    scenarios: ['one', 'two'],
    arrange: (cluster) => {
      cluster.store.follow(({ type, collection, object }) => {
        const { name, deletionTimestamp, finalizers = [] } = object.metadata;
        if (type !== 'MODIFIED' || !isPolicyOf(collection, object, 'db-closed')) return;
        if (deletionTimestamp === undefined || finalizers.length === 0) return;
        setTimeout(() => {
          const { finalizers: _gone, ...metadata } = object.metadata;
          cluster.store.put(collection, { ...object, metadata });
          cluster.store.remove(collection, name);
        }, 3000);
      });
      return {
        mutate: (collection, object) =>
          isPolicyOf(collection, object, 'db-closed')
            ? { ...object, metadata: { ...object.metadata, finalizers: ['example.com/slow'] } }
            : object,
      };
    },
    exitCode: 0,
    says: [/2 scenarios: 2 passed/v],
    passes: ['one', 'two'],
  },
];
