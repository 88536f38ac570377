import { expect } from 'chai';
import type { Client, KubeObject, Manifest } from '../../../src/cluster/client.ts';
import { PodreachError } from '../../../src/errors.ts';
import { createCanary } from '../../../src/settle/index.ts';
import { fakeClient } from '../deploy/fake-client.ts';

const NODES = ['node-a', 'node-b'].map((name) => ({
  metadata: { name },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
}));
const ready = (name: string, address: string): KubeObject => ({
  metadata: { name },
  status: { phase: 'Running', podIP: address, conditions: [{ type: 'Ready', status: 'True' }] },
});
const PODS = [ready('prober', '10.0.0.9'), ready('canary-0', '10.0.0.1'), ready('canary-1', '10.0.0.2')];
const OPTIONS = { image: 'probe:1', runId: 'run-1', owner: 'here 1 2', settleMs: 1000, enforceMs: 1000 };

const portOf = (policy: Manifest | undefined): number | undefined =>
  (policy?.spec as { ingress: { ports: { port: number }[] }[] } | undefined)?.ingress[0]?.ports[0]?.port;

/** A cluster with two nodes that enforces the canary's policy, but for the addresses where it does not. */
const clusterThat = (options: { ignores?: readonly string[]; stdout?: string } = {}) => {
  const questions: string[] = [];
  let policy: Manifest | undefined;
  const client = fakeClient({
    list: async () => NODES,
    waitFor: async () => PODS,
    delete: async () => {
      policy = undefined;
    },
  });
  const { apply } = client;
  client.apply = async (manifest) => {
    if (manifest.kind === 'NetworkPolicy') policy = manifest;
    return apply(manifest);
  };
  const exec: Client['exec'] = async (_target, argv) => {
    const [, , , , wanted, , port, ...addresses] = argv;
    questions.push(`${wanted} ${port}`);
    const stdout = addresses
      .map((address) => {
        const enforced = !options.ignores?.includes(address);
        const open = !policy || (enforced ? portOf(policy) === Number(port) : false);
        const asWanted = wanted === 'open' ? open : !open;
        return `${address} ${asWanted ? 'yes' : 'no'}\n`;
      })
      .join('');
    return { stdout: options.stdout ?? `${stdout}end\n`, stderr: '', exitCode: 0 };
  };
  client.exec = exec;
  return { client, questions };
};

const failureOf = (action: Promise<unknown>): Promise<PodreachError> =>
  action.then(
    () => expect.fail('it did not fail'),
    (error) => error,
  );

describe('canary', () => {
  it('stands on every node, in a namespace of the run', async () => {
    const { client } = clusterThat();
    await createCanary(client, OPTIONS);
    const pods = client.applied.filter(({ kind }) => kind === 'Pod').map((manifest) => JSON.stringify(manifest));
    expect(pods).to.have.length(3);
    for (const node of ['node-a', 'node-b'])
      expect(pods.filter((text) => text.includes('requiredDuring') && text.includes(`"${node}"`))).to.have.length(1);
    const [namespace] = client.applied;
    expect(namespace?.metadata).to.deep.include({ labels: { 'podreach/run': 'run-1' } });
  });

  it('switches to the other port each time, and waits until that one is open', async () => {
    const { client, questions } = clusterThat();
    const canary = await createCanary(client, OPTIONS);
    await canary.proveEnforcement();
    questions.length = 0;
    expect(await canary.settle()).to.be.within(0, 500);
    await canary.settle();
    expect(questions).to.deep.equal(['open 8002', 'open 8001']);
    const ports = client.applied.filter(({ kind }) => kind === 'NetworkPolicy').map(portOf);
    expect(ports).to.deep.equal([8001, 8002, 8001]);
  });

  it('names the node that does not follow', async () => {
    const ignores: string[] = [];
    const { client } = clusterThat({ ignores });
    const canary = await createCanary(client, OPTIONS);
    await canary.proveEnforcement();
    ignores.push('10.0.0.2');
    const error = await failureOf(canary.settle());
    expect(error).to.be.instanceOf(PodreachError);
    expect(error.message).to.equal('policies are not enforced after 1 s on node node-b');
  });

  it('trusts no switch after one that a node did not follow', async () => {
    const { client } = clusterThat();
    const { exec } = client;
    const canary = await createCanary(client, OPTIONS);
    await canary.proveEnforcement();
    // From now on node-b stays with the port that the proof left it, 8001, whatever the policy says.
    client.exec = async (target, argv, options) => {
      const result = await exec(target, argv, options);
      const [, , , , wanted, , port] = argv;
      const stuck = (wanted === 'open') === (Number(port) === 8001) ? 'yes' : 'no';
      return { ...result, stdout: result.stdout.replace(/10\.0\.0\.2 \w+/, `10.0.0.2 ${stuck}`) };
    };
    await failureOf(canary.settle());
    expect(await failureOf(canary.settle())).to.be.instanceOf(PodreachError);
    expect(await failureOf(canary.settle())).to.be.instanceOf(PodreachError);
  });

  it('takes no report for no proof', async () => {
    const { client } = clusterThat({ stdout: '10.0.0.1 yes\nend\n' });
    const canary = await createCanary(client, OPTIONS);
    expect((await failureOf(canary.settle())).message).to.equal("the canary's probe of node node-b broke: no report");
  });

  it('proves enforcement by a port that closes after it was open', async () => {
    const { client, questions } = clusterThat();
    await (await createCanary(client, OPTIONS)).proveEnforcement();
    expect(questions).to.deep.equal(['open 8001', 'open 8002', 'closed 8002', 'open 8001']);
  });

  it('says so when the cluster enforces nothing', async () => {
    const { client } = clusterThat();
    client.exec = async (_target, [, , , , wanted, , , ...addresses]) => ({
      stdout: `${addresses.map((address) => `${address} ${wanted === 'open' ? 'yes' : 'no'}\n`).join('')}end\n`,
      stderr: '',
      exitCode: 0,
    });
    const error = await failureOf((await createCanary(client, OPTIONS)).proveEnforcement());
    expect(error.message).to.match(/^this cluster's CNI does not enforce NetworkPolicies: /);
    expect(error.message).to.contain('nodes node-a, node-b');
    expect(error.hint).to.contain('Calico');
  });
});
