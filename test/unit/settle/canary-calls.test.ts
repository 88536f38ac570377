import { expect } from 'chai';
import { CONTAINER } from '../../../src/deploy/index.ts';
import { type CanaryOptions, createCanary } from '../../../src/settle/index.ts';
import { failureOf } from '../failure-of.ts';
import { type Call, fakeAgents } from './fake-agents.ts';

const OPTIONS: CanaryOptions = { image: 'probe:1', runId: 'run-1', owner: 'here 1 2', settleMs: 3000, enforceMs: 3000 };
const TWO = { 'node-a': ['10.0.0.1'], 'node-b': ['10.0.0.2'] };
const BOTH = ['node-a', 'node-b'];

interface PodManifest {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: object };
  readonly spec: {
    readonly nodeName: string;
    readonly containers: readonly { readonly image: string; readonly ports: readonly object[] }[];
  };
}

const raised = async (more: Partial<CanaryOptions> = {}) => {
  const agents = fakeAgents(TWO);
  const canary = await createCanary(agents.client, { ...OPTIONS, ...more });
  const of = (method: string): readonly Call[] => agents.calls.filter(([name]) => name === method);
  return { ...agents, canary, of };
};

describe('the pods of a canary', () => {
  it('stand in a namespace of the run, a canary and a prober on every node, without the scheduler', async () => {
    const { client, namespaceOf } = await raised();
    const [namespace] = client.applied;
    expect(namespace?.metadata).to.deep.include({ labels: { 'podreach/run': 'run-1' } });
    const pods = client.applied.filter(({ kind }) => kind === 'Pod') as unknown as readonly PodManifest[];
    expect(pods.map(({ metadata, spec }) => [metadata.name, spec.nodeName])).to.have.deep.members([
      ['canary-1', 'node-a'],
      ['prober-1', 'node-a'],
      ['canary-2', 'node-b'],
      ['prober-2', 'node-b'],
    ]);
    for (const { metadata, spec } of pods)
      expect([metadata.namespace, spec.containers[0]?.image]).to.deep.equal([namespaceOf(), 'probe:1']);
  });

  it('serve at the port that is always open and those that take turns, and have only their own label', async () => {
    const { client } = await raised();
    const pods = client.applied.filter(({ kind }) => kind === 'Pod') as unknown as readonly PodManifest[];
    const told = new Map(
      pods.map(({ metadata, spec }) => [metadata.name, [metadata.labels, spec.containers[0]?.ports]]),
    );
    const ports = [8000, 8001, 8002, 8003, 8004, 8005, 8006, 8007, 8008];
    expect(told.get('canary-2')).to.deep.equal([
      { 'podreach/canary': 'canary-2' },
      ports.map((containerPort) => ({ containerPort, protocol: 'TCP' })),
    ]);
    expect(told.get('prober-2')).to.deep.equal([{}, []]);
  });

  it('are waited for as long as they may take', async () => {
    const { of } = await raised({ readyMs: 7000 });
    expect(of('waitFor').map(([, , , options]) => (options as { deadlineMs: number }).deadlineMs)).to.deep.equal([
      7000,
    ]);
  });
});

describe('a round of settling', () => {
  it('labels the prober and its namespace with a turn that was never there', async () => {
    const { canary, namespaceOf, of } = await raised();
    await canary.settle(BOTH);
    await canary.settle(BOTH);
    const path = `/api/v1/namespaces/${namespaceOf()}`;
    expect(of('patch').map(([, at, body]) => [at, body])).to.have.deep.members(
      ['1', '2', '3'].flatMap((turn) =>
        [path, `${path}/pods/prober-1`].map((at) => [at, { metadata: { labels: { 'podreach/turn': turn } } }]),
      ),
    );
  });

  it('waits in the prober, in an exec that outlives the script and a moment without the API server', async () => {
    const { namespaceOf, of } = await raised();
    expect(of('exec')).to.have.length(3);
    for (const [, at, , options] of of('exec')) {
      expect(at).to.deep.equal({ namespace: namespaceOf(), pod: 'prober-1', container: CONTAINER });
      expect(options)
        .to.have.property('deadlineMs')
        .that.is.above(3000 + 1000);
      expect(options).to.have.property('bearsOutage', true);
    }
  });
});

describe('a canary', () => {
  it('lets everything that it asks of the cluster be interrupted', async () => {
    const { signal } = new AbortController();
    const { canary, calls, freeze } = await raised({ signal });
    freeze('10.0.0.2');
    await failureOf(canary.settle(BOTH));
    await canary.brokenPaths([{ from: 'node-a', to: 'node-b', family: 'IPv4' }]);
    expect(new Set(calls.map(([method]) => method))).to.include.keys(
      'list',
      'create',
      'apply',
      'waitFor',
      'patch',
      'exec',
    );
    for (const [method, ...args] of calls)
      expect(args.at(-1), `${method} ${JSON.stringify(args[0])}`).to.have.property('signal', signal);
  });
});
