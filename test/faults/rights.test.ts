import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pLimit from 'p-limit';
import { parseAllDocuments } from 'yaml';
import { createNamespace, namespaceManifest, podManifest } from '../../src/deploy/index.ts';
import { untilGone } from '../../src/deploy/namespaces.ts';
import { applyService } from '../../src/deploy/services/services.ts';
import { PodreachError } from '../../src/errors.ts';
import { createEvidence } from '../../src/evidence/index.ts';
import { type Client, connect, diagnose, pathOf, readyPods } from '../../src/kube/index.ts';
import { silent } from '../../src/progress.ts';
import type { Service } from '../../src/scenario/index.ts';
import { allowOnly, type Right, type Rule, rightsIn, type Usage } from './cluster/rights.ts';
import { CONTEXT, type SimulatedCluster, startCluster } from './cluster/simulated-cluster.ts';
import { expectEmpty, expectSound, leftIn, runOn } from './fault.ts';

const PAGE = new URL('../../docs/your-cluster.md', import.meta.url);

/** The rules of a ClusterRole in the page. */
const rulesOf = async (name: string): Promise<readonly Rule[]> => {
  const blocks = [...(await readFile(PAGE, 'utf8')).matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = '']) => yaml);
  const objects = blocks.flatMap((yaml) => parseAllDocuments(yaml)).map((one) => one.toJS());
  const found = objects.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === name);
  return found.rules;
};

const NEEDED = 'podreach-run';
const OPTIONAL = 'podreach-run-optional';

/** What has no occasion here: the account is always there already, and no finalizer keeps a policy. */
const UNUSED_HERE: readonly Right[] = ['create serviceaccounts', 'watch networkpolicies.networking.k8s.io'];

/** What the two scenarios don't ask for: a Service, the wait for pods, their end and that of a namespace, evidence. */
const doTheRest = async ({ kubeconfig }: SimulatedCluster): Promise<void> => {
  const client = connect(kubeconfig, CONTEXT);
  const namespace = 'rest-x7k2a';
  const waiting = { deadlineMs: 10_000 };
  try {
    await createNamespace(client, namespaceManifest(namespace, {}, { runId: 'rest', owner: 'nobody 1 1' }));
    await applyService(client, SERVICE, { namespace, outside: ['192.0.2.7'] });
    const ready = readyPods(client, namespace, ['web'], waiting);
    await client.apply(podManifest({ name: 'web', labels: {}, ports: [] }, { namespace, image: 'agnhost' }));
    const pod = (await ready).get('web');
    if (pod) await diagnose(client, namespace, pod);
    await collectEvidence(client, namespace);
    // As a step with `remove:` does.
    await client.delete(`${pathOf('Pod', { namespace, name: 'web' })}?gracePeriodSeconds=1`);
    const gone = untilGone(client, [namespace], waiting.deadlineMs);
    await client.delete(pathOf('Namespace', { name: namespace }));
    await gone;
  } finally {
    client.close();
  }
};

/** Of a step on a node that is no container here. */
const collectEvidence = async (client: Client, namespace: string): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'podreach-rights-'));
  const { signal } = new AbortController();
  const runInNode = () => Promise.reject(new PodreachError('not a container'));
  const web = { kind: 'pod', endpoint: 'rest/web', namespace, pod: 'web', node: 'fake-worker' } as const;
  const endpoints = new Map([['rest/web', { ...web, addresses: [], ports: [] }]]);
  try {
    const evidence = createEvidence({ client, folder, runId: 'rest', progress: silent, signal, runInNode });
    const placed = { endpoints, namespaces: [namespace] };
    const path = await evidence.collect({ scenario: 'rest', step: 'rest', status: 'fail', cells: [], placed });
    expect(await readFile(join(path ?? '', 'policies.yaml'), 'utf8')).to.equal('# none\n');
  } finally {
    await rm(folder, { recursive: true });
  }
};

const SERVICE: Service = {
  namespace: 'rest',
  name: 'web',
  selector: {},
  ports: [{ number: 80, protocol: 'TCP', target: 80 }],
  headless: false,
  nodePort: 'Cluster',
  external: 'load-balancer',
  byName: false,
};

/** Runs two scenarios, and does what they don't, with these rights alone. */
const useRights = async (rights: readonly Right[]): Promise<Usage> => {
  const cluster = await startCluster();
  try {
    const { hooks, ...usage } = allowOnly(cluster, rights);
    cluster.interfere(hooks);
    const outcome = await runOn(cluster, { scenarios: ['one', 'two'] });
    expectSound(outcome);
    expect(outcome.exitCode, outcome.text).to.equal(0);
    await doTheRest(cluster);
    await expectEmpty(cluster);
    return usage;
  } finally {
    await cluster.close();
  }
};

/** Simulated clusters are small, and a run waits more than it works. */
const AT_ONCE = 4;

/** In the API server's words, or in podreach's where it asks beforehand. */
const isNamed = (right: Right, text: string): boolean =>
  ['cannot', 'is not allowed to'].some((words) => text.includes(`${words} ${right}`));

const runWithout = async (right: Right, rights: readonly Right[]) => {
  const cluster = await startCluster();
  try {
    const { hooks } = allowOnly(
      cluster,
      rights.filter((one) => one !== right),
    );
    cluster.interfere(hooks);
    const { exitCode, text } = await runOn(cluster, { scenarios: ['one'] });
    return { right, exitCode, text, left: await leftIn(cluster) };
  } finally {
    await cluster.close();
  }
};

describe('the ClusterRoles in docs/your-cluster.md', function () {
  this.timeout(600_000);

  it('together allow all that a run asks for, and nothing that it never does', async () => {
    const rights = rightsIn([...(await rulesOf(NEEDED)), ...(await rulesOf(OPTIONAL))]);
    const { used, refused } = await useRights(rights);
    expect([...refused]).to.deep.equal([]);
    const unused = rights.filter((right) => !used.has(right) && !UNUSED_HERE.includes(right));
    expect(unused).to.deep.equal([]);
  });

  it('are enough without the optional one', async () => {
    const optional = rightsIn(await rulesOf(OPTIONAL));
    const { refused } = await useRights(rightsIn(await rulesOf(NEEDED)));
    expect([...refused]).not.to.deep.equal([]);
    expect(optional).to.include.members([...refused]);
  });

  it('name what is missing: with one right less a run passes all the same, or ends with 2 and says which', async () => {
    const rights = rightsIn(await rulesOf(NEEDED));
    const limit = pLimit(AT_ONCE);
    const outcomes = await Promise.all(rights.map((right) => limit(() => runWithout(right, rights))));
    for (const { right, exitCode, text } of outcomes)
      expect(
        exitCode === 0 || (exitCode === 2 && isNamed(right, text) && text.includes('docs/your-cluster.md')),
        `${right}: ${exitCode}\n${text}`,
      ).to.equal(true);
    expect(outcomes.filter(({ exitCode }) => exitCode === 2)).to.have.length.above(10);
    for (const { right, text, left } of outcomes) expect(left, `${right}:\n${text}`).to.deep.equal([]);
  });

  it('have a run end before it creates what the user may not delete', async () => {
    const rights = rightsIn(await rulesOf(NEEDED));
    const { exitCode, text } = await runWithout('delete namespaces', rights);
    expect(exitCode, text).to.equal(2);
    expect(text).to.include('is not allowed to delete namespaces').and.not.to.include('cannot delete');
  });
});
