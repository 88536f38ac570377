import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { type CanaryOptions, createCanary } from '../../../src/settle/index.ts';
import { failureOf } from '../failure-of.ts';
import { fakeAgents, type Watch } from './fake-agents.ts';

const OPTIONS: CanaryOptions = { image: 'probe:1', runId: 'run-1', owner: 'here 1 2', settleMs: 1000, enforceMs: 1000 };
const TWO = { 'node-a': ['10.0.0.1'], 'node-b': ['10.0.0.2'] };
const DUAL = { 'node-a': ['10.0.0.1', 'fd00::1'], 'node-b': ['10.0.0.2', 'fd00::2'] };
const BOTH = ['node-a', 'node-b'];
const LATE = 'policies are not enforced after 1 s on';

const messageOf = async (action: Promise<unknown>): Promise<string> => {
  const error = await failureOf(action);
  expect(error).to.be.instanceOf(PodreachError);
  return (error as PodreachError).message;
};

describe('createCanary', () => {
  it('proves enforcement by a port that closes after it was open, while another stays', async () => {
    const { client, waits } = fakeAgents(TWO);
    await createCanary(client, OPTIONS);
    expect(waits).to.have.length(3);
    const [before, closed, open] = waits.map((wait) => wait.split(/[ ,]/));
    expect(before?.[0]).to.equal('open');
    expect(closed).to.deep.equal(['closed', ...(before ?? []).slice(1)]);
    expect(open?.[0]).to.equal('open');
    expect(open?.[2]).not.to.equal(closed?.[2]);
  });

  it('says where a pod cannot be reached without a policy, and then applies none', async () => {
    const agents = fakeAgents(TWO);
    agents.cutOff('10.0.0.2');
    const error = await failureOf(createCanary(agents.client, OPTIONS));
    expect(error.message).to.equal('without any policy, no pod can be reached on node node-b');
    expect(error.hint).to.match(/network .* not the policies/);
    expect(agents.client.applied.map(({ kind }) => kind)).not.to.include('NetworkPolicy');
  });

  it('says over which family', async () => {
    const agents = fakeAgents(DUAL);
    agents.cutOff('fd00::2');
    expect(await messageOf(createCanary(agents.client, OPTIONS))).to.equal(
      'without any policy, no pod can be reached on node node-b over IPv6',
    );
  });

  it('says so when the cluster enforces nothing', async () => {
    const agents = fakeAgents(TWO);
    agents.enforceNothing();
    const error = await failureOf(createCanary(agents.client, OPTIONS));
    expect(error.message).to.match(/^this cluster's CNI does not enforce NetworkPolicies: 1 s after /);
    expect(error.message).to.contain('nodes node-a, node-b');
    expect(error.hint).to.contain('Calico');
  });

  it('says so when one family of one node enforces nothing', async () => {
    const agents = fakeAgents(DUAL);
    agents.freeze('fd00::2');
    expect(await messageOf(createCanary(agents.client, OPTIONS))).to.match(/still answers on node node-b over IPv6$/);
  });

  it('says where a policy closes what it admits', async () => {
    const agents = fakeAgents(TWO);
    agents.freeze('10.0.0.2', 'pods', 'namespaces');
    expect(await messageOf(createCanary(agents.client, OPTIONS))).to.equal(
      'a port that a policy admits is closed on node node-b',
    );
  });

  it('takes no report, and a tool that broke, for no proof', async () => {
    const { client } = fakeAgents(TWO);
    const canary = await createCanary(client, OPTIONS);
    const { exec } = client;
    for (const [change, told] of [
      [/^10\.0\.0\.2.*\n/m, 'no report'],
      [/^end\n/m, 'no report'],
      [/(10\.0\.0\.2\S+) yes/, 'exit code 127'],
    ] as const) {
      client.exec = async (...all) => {
        const result = await exec(...all);
        return { ...result, stdout: result.stdout.replace(change, told.startsWith('exit') ? '$1 broken 127' : '') };
      };
      expect(await messageOf(canary.settle(BOTH))).to.match(
        new RegExp(`^the canary's probe of node node-[ab] broke: ${told}$`),
      );
    }
  });
});

describe('canary.settle', () => {
  const raised = async (addresses: Readonly<Record<string, readonly string[]>> = TWO, schedulable?: string[]) => {
    const agents = fakeAgents(addresses, schedulable);
    const canary = await createCanary(agents.client, OPTIONS);
    agents.waits.length = 0;
    return { ...agents, canary };
  };

  it('reports how long it took, and asks of each family of the given nodes alone', async () => {
    const { canary, waits } = await raised(DUAL);
    const startMs = performance.now();
    const tookMs = await canary.settle(['node-b', 'node-b']);
    expect(tookMs).to.be.within(0, Math.ceil(performance.now() - startMs));
    expect(waits).to.have.length(1);
    expect(waits[0]).to.match(/^open 10\.0\.0\.2,\d+ fd00::2,\d+$/);
  });

  it('waits for nothing that an earlier round could have opened', async () => {
    const { canary, waits } = await raised();
    for (let count = 0; count < 20; count += 1) await canary.settle(BOTH);
    const ports = waits.map((wait) => wait.split(',').at(-1));
    for (const [index, port] of ports.entries())
      expect(ports.slice(Math.max(0, index - 7), index)).not.to.include(port);
  });

  const watches: readonly Watch[] = ['policies', 'pods', 'namespaces'];
  for (const watch of watches)
    it(`is not fooled by a node that hears of ${watch} no more`, async () => {
      const { canary, freeze, thaw } = await raised();
      await canary.settle(BOTH);
      freeze('10.0.0.2', watch);
      for (let count = 0; count < 12; count += 1)
        expect(await messageOf(canary.settle(BOTH))).to.equal(`${LATE} node node-b`);
      thaw('10.0.0.2');
    });

  it('is not fooled by one that is always some rounds behind', async () => {
    for (let behind = 1; behind < 12; behind += 1) {
      const { canary, freeze } = await raised();
      for (let count = 0; count < 25; count += 1) {
        if (count % (behind + 1) === 0) freeze('10.0.0.2');
        expect(await messageOf(canary.settle(BOTH))).to.equal(`${LATE} node node-b`);
      }
    }
  });

  it('asks nothing for no nodes', async () => {
    const { canary, waits } = await raised();
    await canary.settle([]);
    expect(waits).to.deep.equal([]);
  });

  it('looks after its pods only if a node did not follow', async () => {
    const { canary, calls, freeze } = await raised();
    const lists = () => calls.filter(([method]) => method === 'list').length;
    const before = lists();
    await canary.settle(BOTH);
    expect(lists()).to.equal(before);
    freeze('10.0.0.2');
    await failureOf(canary.settle(BOTH));
    expect(lists()).to.equal(before + 1);
  });

  it('goes on once the node has caught up', async () => {
    const { canary, freeze, thaw } = await raised();
    freeze('10.0.0.2');
    expect((await failureOf(canary.settle(BOTH))).hint).to.match(/CNI's agent .*kubectl -n kube-system logs/);
    thaw('10.0.0.2');
    await canary.settle(BOTH);
  });

  it('names the family that does not follow', async () => {
    const { canary, freeze } = await raised(DUAL);
    freeze('fd00::1');
    expect(await messageOf(canary.settle(BOTH))).to.equal(`${LATE} node node-a over IPv6`);
  });

  it('is not held up by a node that was not asked for', async () => {
    const { canary, freeze, thaw } = await raised();
    freeze('10.0.0.1');
    for (let count = 0; count < 30; count += 1) await canary.settle(['node-b']);
    expect(await messageOf(canary.settle(BOTH))).to.equal(`${LATE} node node-a`);
    thaw('10.0.0.1');
    await canary.settle(BOTH);
  });

  it('asks once for all concurrent callers, and gives each the result for its own nodes', async () => {
    const { canary, freeze, waits } = await raised();
    freeze('10.0.0.2');
    const first = canary.settle(['node-a']);
    const others = await Promise.allSettled([canary.settle(['node-a']), canary.settle(['node-b'])]);
    await first;
    expect(waits).to.have.length(2);
    expect(others.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected']);
  });

  const ends = { 'is gone': 'kill', hangs: 'hang' } as const;
  for (const [text, end] of Object.entries(ends))
    it(`does not accuse the agent if its own canary ${text}, and has another the next time`, async () => {
      const { canary, client, [end]: endPod } = await raised();
      endPod('canary-2');
      const error = await failureOf(canary.settle(BOTH));
      expect(error.message).to.equal("podreach's own pods on node node-b are gone or no longer ready");
      expect(error.hint).to.contain('next scenario');
      await canary.settle(BOTH);
      expect(client.applied.some(({ metadata }) => (metadata as { name: string }).name === 'canary-3')).to.equal(true);
    });

  it('has another prober the next time if that one died', async () => {
    const { canary, kill } = await raised();
    kill('prober-1');
    expect(await messageOf(canary.settle(BOTH))).to.equal('exec in prober-1 was refused: 404 Not Found');
    await canary.settle(BOTH);
  });

  it('raises a canary on a node that has none, and proves it first', async () => {
    const { canary, client, waits } = await raised(TWO, ['node-a']);
    await canary.settle(BOTH);
    const last = client.applied.filter(({ kind }) => kind === 'Pod').map(({ metadata }) => metadata);
    expect(last.map((metadata) => (metadata as { name: string }).name).slice(-2)).to.deep.equal([
      'canary-2',
      'prober-2',
    ]);
    expect(waits.map((wait) => wait.replace(/,\d+/g, ''))).to.deep.equal([
      'open 10.0.0.2',
      'closed 10.0.0.2',
      'open 10.0.0.2',
      'open 10.0.0.1 10.0.0.2',
    ]);
    await canary.settle(BOTH);
    expect(waits).to.have.length(5);
  });

  it('says so if the node that has none enforces nothing', async () => {
    const { canary, freeze } = await raised(TWO, ['node-a']);
    freeze('10.0.0.2');
    expect(await messageOf(canary.settle(BOTH))).to.match(/still answers on node node-b$/);
  });
});
