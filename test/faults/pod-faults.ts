import { endedStatus, readyStatus } from './cluster/kubelet.ts';
import type { State } from './cluster/network.ts';
import type { Pod } from './cluster/objects.ts';
import { PODS } from './cluster/paths.ts';
import type { SimulatedCluster } from './cluster/simulated-cluster.ts';
import { type Fault, whileProbing } from './fault.ts';

const TO_WEB = /-> prod\/web /v;
const OF_CLIENT = /dev\/client/v;

/** Does something to `prod/web` while a matrix is probed. */
const toWeb = (act: (cluster: SimulatedCluster, pod: Pod) => void) => (cluster: SimulatedCluster) =>
  whileProbing(cluster, {
    act: (named) => {
      const pod = cluster.store.get({ ...PODS, namespace: named('prod') }, 'web') as Pod | undefined;
      if (pod) act(cluster, pod);
    },
  });

const kill = (cluster: SimulatedCluster, { metadata: { name, namespace = '' } }: Pod): void => {
  cluster.store.remove({ ...PODS, namespace }, name);
  cluster.endProcesses(namespace, name);
};

const end = (cluster: SimulatedCluster, pod: Pod, reason: string, exitCode: number, extra = {}): void => {
  const { name, namespace = '' } = pod.metadata;
  const status = { ...endedStatus(pod, { reason, exitCode }), ...extra };
  cluster.store.put({ ...PODS, namespace }, { ...pod, status });
  cluster.endProcesses(namespace, name);
};

/** Makes the servers of `prod/web` silent, or refuse, for everybody. */
const serversOfWeb = (state: State) => (cluster: SimulatedCluster) =>
  whileProbing(cluster, { hooks: { way: (way) => (way.to.metadata.name === 'web' ? state : way.state) } });

/** `prod/web` that its kubelet can't start. */
const waiting = (name: string, reason: string, message: string): Fault => ({
  name,
  arrange: () => ({
    mutate: ({ plural }, object) =>
      plural === 'pods' && object.metadata.name === 'web'
        ? {
            ...object,
            status: {
              phase: 'Failed',
              containerStatuses: [{ name: 'probe', state: { waiting: { reason, message } } }],
            },
          }
        : object,
  }),
  exitCode: 2,
  says: [new RegExp(`pod prod-\\w+/web failed: .*${reason}.*${message}`)],
});

export const podFaults: readonly Fault[] = [
  {
    name: 'destination pod killed while probing',
    arrange: toWeb(kill),
    exitCode: 2,
    says: [/prod\/web broke: it is gone/v],
    breaks: /prod\/web/v,
  },
  {
    name: 'source pod killed while probing',
    arrange: (cluster) =>
      whileProbing(cluster, {
        act: (named) => {
          const namespace = named('dev');
          // Its command is under way by then.
          setTimeout(() => {
            cluster.store.remove({ ...PODS, namespace }, 'client');
            cluster.endProcesses(namespace, 'client');
          }, 300);
        },
      }),
    exitCode: 2,
    says: [/dev\/client broke: it is gone/v],
    breaks: OF_CLIENT,
  },
  {
    name: 'pod evicted while probing',
    arrange: toWeb((cluster, pod) =>
      end(cluster, pod, 'Error', 137, { reason: 'Evicted', message: 'The node was low on resource: memory.' }),
    ),
    exitCode: 2,
    says: [/prod\/web broke: it is not ready/v, /Evicted/v],
    breaks: /prod\/web/v,
  },
  {
    name: 'pod out of memory while probing',
    arrange: toWeb((cluster, pod) => end(cluster, pod, 'OOMKilled', 137)),
    exitCode: 2,
    says: [/prod\/web broke: .*OOMKilled, exit code 137/v],
    breaks: /prod\/web/v,
  },
  {
    name: 'pod replaced under its name while probing',
    arrange: toWeb((cluster, pod) => {
      kill(cluster, pod);
      const { uid: _uid, ...metadata } = pod.metadata;
      cluster.store.put(
        { ...PODS, namespace: pod.metadata.namespace },
        { ...pod, metadata, status: readyStatus('192.168.64.99', '172.18.0.2') },
      );
    }),
    exitCode: 2,
    says: [/prod\/web broke: another pod has taken its place/v],
    breaks: /prod\/web/v,
  },
  {
    name: "pod's address changed while probing",
    arrange: toWeb((cluster, pod) =>
      cluster.store.put(
        { ...PODS, namespace: pod.metadata.namespace },
        { ...pod, status: readyStatus('192.168.64.99', '172.18.0.2') },
      ),
    ),
    exitCode: 2,
    says: [/prod\/web/v],
    breaks: /prod\/web/v,
  },
  {
    name: "pod's address passed to another pod while probing",
    arrange: toWeb((cluster, pod) => {
      kill(cluster, pod);
      const { uid: _uid, ...metadata } = pod.metadata;
      const [container] = pod.spec.containers;
      const env = (container?.env ?? []).map((one) => ({ ...one, value: one.value?.replace('/web', '/other') ?? '' }));
      const spec = { ...pod.spec, containers: [{ ...container, name: 'probe', env }] };
      const other = { ...pod, metadata: { ...metadata, name: 'other', labels: {} }, spec };
      cluster.store.put({ ...PODS, namespace: pod.metadata.namespace }, other);
    }),
    exitCode: 2,
    says: [/prod\/web broke: it is gone/v],
    breaks: /prod\/web/v,
  },
  {
    name: 'server stops listening',
    arrange: serversOfWeb('rejected'),
    exitCode: 2,
    says: [/prod\/web does not even answer itself/v],
    breaks: TO_WEB,
  },
  {
    name: 'server hangs',
    arrange: serversOfWeb('dropped'),
    exitCode: 2,
    says: [/prod\/web does not even answer itself/v],
    breaks: TO_WEB,
  },
  {
    name: 'path between two nodes breaks while probing',
    arrange: (cluster) =>
      whileProbing(cluster, {
        hooks: { way: ({ from, to, state }) => (from.spec.nodeName === to.spec.nodeName ? state : 'dropped') },
      }),
    exitCode: 2,
    says: [/fake-(worker|control-plane)/v],
  },
  waiting('pod whose image cannot be pulled', 'ImagePullBackOff', 'no such image'),
  waiting("full disk in a pod's node", 'CreateContainerError', 'write /var/lib/containerd: no space left on device'),
];
