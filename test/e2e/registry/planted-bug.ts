/** A bug of a CNI: a rule on the nodes that drops what one pod sends to another, whatever the policies. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { stringify } from 'yaml';
import { temporaryFolder } from '../door.ts';

/** Of no other test. */
const ADDRESSES = { client: '192.168.93.11', web: '192.168.93.12' };
const RULE = ['FORWARD', '-s', ADDRESSES.client, '-d', ADDRESSES.web, '-j', 'DROP'];

export const plant = (nodes: readonly string[], action: '-I' | '-D'): Promise<unknown> =>
  Promise.all(nodes.map((node) => execa('docker', ['exec', node, 'iptables', action, ...RULE])));

export const CELL = 'minimize-dev/client minimize-prod/web 80/TCP';

const policy = (namespace: string, name: string, spec: object): string =>
  stringify({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec });

/** Six policies, six pods, and the pair that the rule is about, which they allow. */
export const scenarioWithPair = async (): Promise<string> => {
  const folder = await temporaryFolder();
  const from = (labels: object) => [{ from: [{ namespaceSelector: { matchLabels: labels } }] }];
  const podSelector = (app: string) => ({ podSelector: { matchLabels: { app } } });
  const policies = [
    policy('minimize-prod', 'nothing-in', { podSelector: {} }),
    policy('minimize-prod', 'web', { ...podSelector('web'), ingress: from({ env: 'dev' }) }),
    policy('minimize-prod', 'db', { ...podSelector('db'), ingress: [{ from: [podSelector('web')] }] }),
    policy('minimize-prod', 'api', { ...podSelector('api'), ingress: from({ env: 'prod' }) }),
    policy('minimize-dev', 'nothing-in', { podSelector: {} }),
    policy('minimize-dev', 'out', { podSelector: {}, policyTypes: ['Egress'], egress: [{}] }),
  ];
  const pod = (app: string, more: object = {}) => ({ labels: { app }, ...more });
  const namespaces = {
    'minimize-prod': {
      labels: { env: 'prod' },
      pods: {
        web: pod('web', { ports: [80], address: ADDRESSES.web }),
        db: pod('db', { ports: [5432] }),
        api: pod('api'),
      },
    },
    'minimize-dev': {
      labels: { env: 'dev' },
      pods: { client: pod('client', { address: ADDRESSES.client }), other: pod('other'), third: pod('third') },
    },
  };
  await mkdir(join(folder, 'policies'));
  await writeFile(join(folder, 'scenario.yaml'), stringify({ namespaces, expect: 'model' }));
  await writeFile(join(folder, 'policies', 'all.yaml'), policies.join('---\n'));
  return folder;
};

export interface Elsewhere {
  readonly node: string;
  readonly kubeconfig: string;
  /** The image by a name that the cluster has. */
  readonly image: string;
}

/** Unpacks a bundle, and returns what runs its script against another cluster, with the kubectl of that one. */
export const unpacked = async (bundle: string, { node, kubeconfig, image }: Elsewhere) => {
  const folder = await temporaryFolder();
  await execa('tar', ['xzf', bundle, '--strip-components', '1', '-C', folder]);
  const kubectl = join(folder, 'kubectl');
  await execa('docker', ['cp', '--follow-link', `${node}:/usr/bin/kubectl`, kubectl]);
  const env = { KUBECONFIG: kubeconfig, KUBECTL: kubectl, IMAGE: image, WAIT: '1' };
  return {
    folder,
    reproduce: async () => {
      const { exitCode, stdout, all } = await execa('sh', [join(folder, 'reproduce.sh')], {
        env,
        reject: false,
        all: true,
      });
      return { exitCode, last: stdout.split('\n').at(-1), all };
    },
  };
};
