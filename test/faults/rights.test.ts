import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { allowOnly, type Right, type Rule, rightsIn, type Usage } from './cluster/rights.ts';
import { startCluster } from './cluster/simulated-cluster.ts';
import { expectEmpty, expectSound, runOn } from './fault.ts';

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

/** What these two runs have no occasion for. */
const UNUSED_HERE: readonly Right[] = [
  ...['create services', 'patch services'], // the simulated cluster has no Services
  'create serviceaccounts', // its controllers have always created the account first
  'watch networkpolicies.networking.k8s.io', // for a deleted policy that a finalizer keeps
  'watch pods', // for pods that are not ready at the first look
  'watch namespaces', // for pinned addresses that the next scenario needs
  'list events', // for a pod that does not start
];

/** Runs two scenarios with these rights alone. */
const runWith = async (rights: readonly Right[]): Promise<Usage> => {
  const cluster = await startCluster();
  try {
    const { hooks, ...usage } = allowOnly(cluster, rights);
    cluster.interfere(hooks);
    const outcome = await runOn(cluster, { scenarios: ['one', 'two'] });
    expectSound(outcome);
    expect(outcome.exitCode, outcome.text).to.equal(0);
    await expectEmpty(cluster);
    return usage;
  } finally {
    await cluster.close();
  }
};

describe('the ClusterRoles in docs/your-cluster.md', function () {
  this.timeout(200_000);

  it('together allow all that a run asks for, and nothing that it never does', async () => {
    const rights = rightsIn([...(await rulesOf(NEEDED)), ...(await rulesOf(OPTIONAL))]);
    const { used, refused } = await runWith(rights);
    expect([...refused]).to.deep.equal([]);
    const unused = rights.filter((right) => !used.has(right) && !UNUSED_HERE.includes(right));
    expect(unused).to.deep.equal([]);
  });

  it('are enough without the optional one', async () => {
    const optional = rightsIn(await rulesOf(OPTIONAL));
    const { refused } = await runWith(rightsIn(await rulesOf(NEEDED)));
    expect([...refused]).not.to.deep.equal([]);
    expect(optional).to.include.members([...refused]);
  });
});
