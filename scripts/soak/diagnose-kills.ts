/** Kills diagnoses at random moments; the cluster alone then has to remove the policies that they put beside others. */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { keptClusters } from '../../src/cluster/index.ts';
import { type Client, connect, pathOf, readyPods } from '../../src/kube/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [dev, prod] = ['soak-diagnose-dev', 'soak-diagnose-prod'];
const IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.56';
const LATEST_MS = 4_000;
/** The policies are there for about half a second. */
const IN_FORCE_MS = 800;
/** A temporary policy expires after a minute. */
const EXPIRED_MS = 120_000;

const pod = (namespace: string, name: string, command: readonly string[]) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name } },
  spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'app', image: IMAGE, command }] },
});

const OBJECTS = [
  ...[dev, prod].flatMap((name) => [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
  ]),
  pod(dev, 'client', ['sh', '-c', 'sleep 86400']),
  pod(prod, 'web', ['/agnhost', 'netexec', '--http-port', '8080']),
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'closed', namespace: prod },
    spec: { podSelector: {} },
  },
];

/** Returns what is left when everything has had time to expire. */
export const killDiagnoses = async (
  cluster: string,
  times: number,
  say: (line: string) => void,
): Promise<readonly string[]> => {
  const kubeconfig = (await keptClusters()).find(({ name }) => name === cluster)?.kubeconfig;
  if (kubeconfig === undefined) throw new Error(`the cluster ${cluster} is not kept`);
  const client = connect(kubeconfig);
  try {
    for (const object of OBJECTS) await client.apply(object);
    await readyPods(client, dev, ['client'], { deadlineMs: 60_000 });
    await readyPods(client, prod, ['web'], { deadlineMs: 60_000 });
    for (let index = 0; index < times; index += 1) {
      // Every second one while the policies are most likely there.
      const [since, afterMs] =
        index % 2 === 0
          ? (['plan for', randomInt(0, LATEST_MS)] as const)
          : (['a temporary allow-all …', randomInt(0, IN_FORCE_MS)] as const);
      await killOne(kubeconfig, client.context, since, afterMs);
      say(
        `diagnosis killed ${index + 1}: ${afterMs} ms after "${since}", ${(await leftIn(client)).length} objects there`,
      );
    }
    const endMs = performance.now() + EXPIRED_MS;
    while ((await leftIn(client)).length > 0 && performance.now() < endMs) await sleep(1000);
    return await leftIn(client);
  } finally {
    for (const name of [dev, prod]) await client.delete(pathOf('Namespace', { name }));
    client.close();
  }
};

/** Kills one some time after it said something. */
const killOne = async (kubeconfig: string, context: string, since: string, afterMs: number): Promise<void> => {
  const args = ['diagnose', `${dev}/client`, `${prod}/web`, '8080', '--exec', '--yes', '--allow-all-test'];
  const flags = ['--kubeconfig', kubeconfig, '--context', context];
  const stdio = ['ignore', 'ignore', 'pipe'] as const;
  const running = spawn(process.execPath, ['src/cli.ts', ...args, ...flags], { cwd: root, stdio: [...stdio] });
  let timer: NodeJS.Timeout | undefined;
  let text = '';
  running.stderr?.on('data', (chunk) => {
    text += String(chunk);
    if (text.includes(since)) timer ??= setTimeout(() => running.kill('SIGKILL'), afterMs);
  });
  await new Promise((resolve) => running.once('exit', resolve));
  clearTimeout(timer);
};

/** Temporary policies, and what makes them expire. */
const leftIn = async (client: Client): Promise<readonly string[]> => {
  const lists = await Promise.all(
    [dev, prod].flatMap((namespace) =>
      (['NetworkPolicy', 'Job'] as const).map((kind) =>
        client.list(pathOf(kind, { namespace }), { labelSelector: 'podreach/diagnose' }),
      ),
    ),
  );
  return lists.flat().map(({ metadata: { namespace, name } }) => `${namespace}/${name}`);
};
