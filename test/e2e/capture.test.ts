import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { type Credentials, readCredentials } from '../../src/kube/credentials.ts';
import { type Client, connect, pathOf } from '../../src/kube/index.ts';
import { readyPods } from '../../src/kube/ready-pods.ts';
import { cellsOf, keptKubeconfig, podreach, removeCopies, runJson, temporaryFolder } from './door.ts';
import { userWith } from './limited-user.ts';
import { image } from './probe-pods.ts';

const suffix = randomBytes(2).toString('hex');
const tenants = ['blue', 'red'].map((name) => `capture-${name}-${suffix}`) as [string, string];

/** A Role as a page of the documentation has it. */
const rulesIn = async (page: string) => {
  const text = await readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  return parse(/^```yaml\n((?:(?!```).)*?^kind: Role$.*?)^```$/ms.exec(text)?.[1] ?? '').rules;
};

const podIn = (namespace: string, name: string, app: string) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      { name: 'app', image, command: ['/agnhost', 'netexec', '--http-port', '8080'], ports: [{ containerPort: 8080 }] },
    ],
  },
});

/** Each tenant lets in its own pods only, and to the database only the web pods. */
const policiesOf = (namespace: string) =>
  [
    { name: 'own', spec: { podSelector: { matchLabels: { app: 'web' } }, ingress: [{ from: [{ podSelector: {} }] }] } },
    {
      name: 'db',
      spec: {
        podSelector: { matchLabels: { app: 'db' } },
        ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 8080 }] }],
      },
    },
  ].map(({ name, spec }) => ({
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace } },
    spec: { policyTypes: ['Ingress'], ...spec },
  }));

describe('podreach capture', () => {
  let client: Client;
  let credentials: Credentials;

  before(async () => {
    const kubeconfig = await keptKubeconfig();
    credentials = readCredentials(kubeconfig);
    client = connect(kubeconfig);
    for (const name of tenants) {
      await client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      await client.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } });
    }
    const pods = tenants.flatMap((namespace) => [
      ...['web-1', 'web-2'].map((name) => podIn(namespace, name, 'web')),
      podIn(namespace, 'db', 'db'),
    ]);
    await Promise.all([...tenants.flatMap(policiesOf), ...pods].map((one) => client.apply(one)));
    for (const namespace of tenants)
      await readyPods(client, namespace, ['web-1', 'web-2', 'db'], { deadlineMs: 60_000 });
  });

  after(async () => {
    for (const name of tenants) await client.delete(pathOf('Namespace', { name }));
    credentials.close();
    client.close();
    await removeCopies();
  });

  it('needs its Role alone, and what it wrote of what it saw is what a run of it sees', async () => {
    const rules = [
      ...(await rulesIn('capture.md')),
      { apiGroups: [''], resources: ['pods/exec'], verbs: ['get', 'create'] },
    ];
    const user = await userWith(credentials, tenants, rules);
    const folder = join(await temporaryFolder(), 'tenants');
    const [blue, red] = tenants;
    const { exitCode, stdout, all } = await podreach(
      ...['capture', folder, ...user, '-n', blue, '-n', red, '--observed', '--exec', '--yes'],
    );
    expect(exitCode, all).to.equal(0);
    expect(stdout).to.contain('4 pods, 0 Services, 3 policies for 6 running pods of 2 namespaces');
    expect(stdout).not.to.contain('differs from the specification');

    const run = await runJson(folder);
    expect(run.exitCode, run.all).to.equal(0);
    const others = cellsOf(run.report).filter(({ from, to }) => from !== to);
    const seen = new Map(others.map(({ from, to, expected, observed }) => [`${from} ${to}`, [expected, observed]]));
    for (const [cell, verdict] of [
      [`${blue}/web-1 ${blue}/db`, ['allow', 'allowed']],
      [`${blue}/web-1 ${blue}/web-2`, ['allow', 'allowed']],
      [`${blue}/db ${blue}/web-1`, ['allow', 'allowed']],
      // Both classes of the other namespace let in only their own pods, so one of them stands for both.
      [`${blue}/web-1 ${red}/db`, ['deny', 'dropped']],
      [`${red}/db ${blue}/db`, ['deny', 'dropped']],
    ] as const)
      expect(seen.get(cell), `${cell} in ${[...seen.keys()]}`).to.deep.equal(verdict);
  });
});
