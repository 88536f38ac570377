/** Pods that run as a user's do, and a cell that the cluster does otherwise than the specification says. */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Client, pathOf, readyPods } from '../../src/kube/index.ts';

export const IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.56';
export const NAMESPACES = ['soak-dev', 'soak-prod'] as const;
const [dev, prod] = NAMESPACES;

const pod = (namespace: string, name: string, command: readonly string[], ports: readonly object[] = []) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'app', image: IMAGE, command, ports }] },
});

const server = (name: string) =>
  pod(prod, name, ['/agnhost', 'netexec', '--http-port', '8080'], [{ containerPort: 8080 }]);

const OBJECTS = [
  ...NAMESPACES.flatMap((name) => [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
  ]),
  pod(dev, 'client', ['sh', '-c', 'sleep 86400']),
  server('web'),
  server('closed'),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'closed', namespace: prod },
    spec: { podSelector: { matchLabels: { app: 'closed' } } },
  },
];

/** Starts them in namespaces that are not there yet, and returns their uids. */
export const startPods = async (client: Client): Promise<readonly string[]> => {
  for (const object of OBJECTS) await client.apply(object);
  const started = [
    ...(await readyPods(client, dev, ['client'], { deadlineMs: 60_000 })).values(),
    ...(await readyPods(client, prod, ['web', 'closed'], { deadlineMs: 60_000 })).values(),
  ];
  return started.map(({ metadata }) => metadata.uid ?? '');
};

/** How many ephemeral containers they list, which Kubernetes never removes, and how many of them run. */
export const addedTo = async (client: Client): Promise<{ readonly listed: number; readonly running: number }> => {
  const pods = await Promise.all(NAMESPACES.map((namespace) => client.list(pathOf('Pod', { namespace }))));
  const states = pods.flat().flatMap((one) => {
    const { ephemeralContainerStatuses = [] } = (one as { status?: PodStatus }).status ?? {};
    return ephemeralContainerStatuses.map(({ state = {} }) => state);
  });
  return { listed: states.length, running: states.filter((state) => 'running' in state).length };
};

interface PodStatus {
  readonly ephemeralContainerStatuses?: readonly { readonly state?: object }[];
}

const LABEL = 'soak-planted';

/** Closes all pods with a label, by a policy of Calico's own, which the specification knows nothing of. */
export const PLANTED = `apiVersion: crd.projectcalico.org/v1
kind: GlobalNetworkPolicy
metadata: {name: soak-planted}
spec: {order: 1, selector: has(${LABEL}), types: [Ingress], ingress: [{action: Deny}]}
`;

/** Writes a copy of a scenario one of whose pods has that label. */
export const plantedScenario = async (from: string, folder: string): Promise<string> => {
  await mkdir(dirname(folder), { recursive: true });
  await cp(from, folder, { recursive: true });
  const file = join(folder, 'scenario.yaml');
  const text = await readFile(file, 'utf8');
  const planted = text.replace(
    'web: {labels: {app: web, role: frontend}',
    `web: {labels: {app: web, ${LABEL}: "1", role: frontend}`,
  );
  if (planted === text) throw new Error(`${file} has no such pod`);
  await writeFile(file, planted);
  return folder;
};
