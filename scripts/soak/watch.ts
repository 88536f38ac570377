/**
 * npm run soak:watch: watches a scenario on the kept cluster while its policies are deleted for a while, calico-node is
 * restarted, a kubelet is restarted and a node is drained. Prints what flipped meanwhile and what nothing was known of, and
 * exits with 1 if anything but the policies opened or closed a cell.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Probe } from '../../src/scenario/index.ts';
import type { WatchResult } from '../../src/watch/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [path = 'scenarios/deny-all'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { stdout: up } = await execa({ cwd: root })`node src/cli.ts cluster up`;
const [, file = ''] = /--kubeconfig (\S+)/.exec(up) ?? [];
const kubectl = (...args: readonly string[]) =>
  execa('docker', ['exec', '-i', server, 'kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', ...args]);
const { stdout: nodes } =
  await execa`docker ps --format {{.Names}} --filter label=io.x-k8s.kind.cluster=${nameIn(file)}`;
const server = nodes.split('\n').find((node) => node.endsWith('-control-plane')) ?? '';
const worker = nodes.split('\n').find((node) => node !== server) ?? '';

function nameIn(kubeconfig: string): string {
  return /podreach-[0-9a-f]+-[0-9a-f]+/.exec(kubeconfig)?.[0] ?? '';
}

/** The cluster's namespaces of the scenario, by the policies that it applied. */
const policies = async (): Promise<readonly { readonly metadata: { name: string; namespace: string } }[]> =>
  JSON.parse((await kubectl('get', 'networkpolicies', '-A', '-o', 'json')).stdout).items.filter(
    ({ metadata }: { metadata: { namespace: string } }) => !metadata.namespace.startsWith('podreach-'),
  );

const withoutPolicies = async (): Promise<void> => {
  const items = await policies();
  const kept = items.map(({ metadata: { name, namespace }, ...rest }) => ({ ...rest, metadata: { name, namespace } }));
  for (const { metadata } of items) await kubectl('-n', metadata.namespace, 'delete', 'networkpolicy', metadata.name);
  await sleep(3_000);
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: kept });
  await execa(
    'docker',
    ['exec', '-i', server, 'kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', 'apply', '-f', '-'],
    {
      input,
    },
  );
};

const TRIALS: Readonly<Record<string, { readonly act: () => Promise<unknown>; readonly restMs: number }>> = {
  'nothing happens': { act: async () => {}, restMs: 5_000 },
  'the policies are deleted for 3 s': { act: withoutPolicies, restMs: 3_000 },
  'calico-node is restarted': {
    act: async () => {
      await kubectl('-n', 'kube-system', 'delete', 'pods', '-l', 'k8s-app=calico-node');
      await kubectl('-n', 'kube-system', 'rollout', 'status', 'daemonset/calico-node', '--timeout', '90s');
    },
    restMs: 5_000,
  },
  'a kubelet is restarted': { act: () => execa`docker exec ${worker} systemctl restart kubelet`, restMs: 8_000 },
  'a node is drained': {
    act: () => kubectl('drain', worker, '--ignore-daemonsets', '--delete-emptydir-data', '--force', '--timeout', '60s'),
    restMs: 5_000,
  },
};

const watching = execa('node', ['src/cli.ts', 'watch', path, '--keep', '--reporter', 'json'], {
  cwd: root,
  reject: false,
});
let told = '';
watching.stderr.on('data', (text: Buffer) => {
  told += text.toString();
});
let isOver = false;
void watching.then(() => {
  isOver = true;
});
while (!told.includes('watching; ')) {
  if (isOver) throw new Error(told);
  await sleep(100);
}
const windows: { readonly what: string; readonly fromMs: number; readonly toMs: number }[] = [];
try {
  for (const [what, { act, restMs }] of Object.entries(TRIALS)) {
    const fromMs = Date.now();
    await act();
    await sleep(restMs);
    windows.push({ what, fromMs, toMs: Date.now() });
  }
} finally {
  watching.kill('SIGINT');
  await kubectl('uncordon', worker);
}
const { stdout } = await watching;
say(told);
const result: WatchResult = JSON.parse(stdout);
const cellText = ({ from, to, port, protocol }: Probe): string => `${from} -> ${to} ${port}/${protocol}`;
let wrong = 0;
for (const { what, fromMs, toMs } of windows) {
  const isIn = (ms: number): boolean => ms >= fromMs && ms < toMs;
  say(`${what} (${((toMs - fromMs) / 1000).toFixed(1)} s):`);
  for (const cell of result.cells) {
    for (const flip of cell.flips.filter(({ atMs }) => isIn(atMs))) {
      say(
        `  ${flip.open ? 'opened' : 'closed'} after ${flip.atMs - fromMs} ms: ${cellText(cell)}, lasted ${flip.lastedMs} ms`,
      );
      if (!what.startsWith('the policies')) wrong += 1;
    }
    for (const gap of cell.gaps.filter((one) => isIn(one.fromMs)))
      say(
        `  no evidence after ${gap.fromMs - fromMs} ms for ${gap.toMs === null ? 'good' : `${gap.toMs - gap.fromMs} ms`}: ${cellText(cell)}`,
      );
  }
}
say(`${result.cells.length} cells, every ${result.tickMs} ms; ${wrong} flips that no policy explains`);
process.exitCode = wrong > 0 ? 1 : 0;
