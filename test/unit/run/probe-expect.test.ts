import { expect } from 'chai';
import { existingPod } from '../../../src/attach/existing-pod.ts';
import { probesBetween } from '../../../src/attach/probes-between.ts';
import { wayOf } from '../../../src/attach/way.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { KubeObject } from '../../../src/kube/index.ts';
import { exitCodeOf } from '../../../src/report/index.ts';
import { runProbe } from '../../../src/run/probe.ts';
import { headOfProbe, type ProbePlan } from '../../../src/run/probe-plan.ts';
import type { ExpectedProbe } from '../../../src/scenario/index.ts';
import { fakeCluster, podObject } from '../attach/fake-cluster.ts';
import { fakeTerminal } from '../commands/fake-terminal.ts';
import { OPEN, probeScript, REFUSED, SILENT } from './probe-script.ts';

const objects = ['prod/web', 'prod/api'].map((endpoint, index) => {
  const { metadata, status } = podObject(endpoint);
  const changes = {
    metadata: { ...metadata, labels: { app: metadata.name } },
    status: { ...status, podIPs: [{ ip: `10.0.0.${index + 1}` }] },
  };
  return podObject(endpoint, changes);
});
const pods = objects.map((pod) => existingPod(pod, null));

const expecting = (
  toWeb: ExpectedProbe['expectation'],
  toApi: ExpectedProbe['expectation'],
): readonly ExpectedProbe[] => [
  { from: 'prod/web', to: 'prod/api', port: 80, protocol: 'TCP', expectation: toApi },
  { from: 'prod/api', to: 'prod/web', port: 80, protocol: 'TCP', expectation: toWeb },
];

const plan = (expected: readonly ExpectedProbe[] | null): ProbePlan => ({
  context: 'kind-dev',
  namespaces: ['prod'],
  pods,
  ways: new Map(pods.map((pod) => [pod.endpoint, wayOf(pod, 'auto', true)])),
  probes: probesBetween(pods),
  image: 'probe:1',
  container: 'podreach-abc',
  timeoutMs: 2000,
  retries: 1,
  repeatEach: 1,
  failOnFlaky: false,
  repeat: { kubeconfig: ['/k'], context: 'kind-dev' },
  expectation: { file: 'expect.yaml', expected },
});

/** Blocks everything to prod/api. */
const closed: KubeObject = {
  metadata: { name: 'closed', namespace: 'prod', uid: 'u1' },
  spec: { podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Ingress'] },
};

const NOTHING_TO_API = (probe: string) => (probe === 'prod/web 10.0.0.2:80' ? SILENT : OPEN);

interface Given {
  readonly plan: ProbePlan;
  readonly answer?: (probe: string) => string;
  /** What is in force at each look; null if the user may not look. */
  readonly policies?: readonly (readonly KubeObject[] | null)[];
}

const run = async ({ plan: its, answer = NOTHING_TO_API, policies = [null] }: Given) => {
  const cluster = fakeCluster(objects, { exec: probeScript(answer) });
  let looks = 0;
  const client = {
    ...cluster,
    get: async (path: string) => {
      expect(path).to.equal('/api/v1/namespaces/prod');
      return { metadata: { name: 'prod', labels: { team: 'a' } } };
    },
    list: async (path: string) => {
      if (!path.endsWith('/networkpolicies')) return cluster.list(path);
      const now = policies[Math.min(looks, policies.length - 1)];
      looks += 1;
      if (!now) throw new PodreachError('403 Forbidden');
      return now;
    },
  };
  const { progress, notes } = fakeTerminal();
  const result = await runProbe(client, its, { progress, signal: new AbortController().signal });
  const step = result.scenarios[0]?.steps[0];
  if (!step) throw new Error('no step');
  const others = step.cells.filter(({ from, to }) => from !== to);
  return { result, step, notes, cells: others.map(({ to, expected, model, status }) => [to, expected, model, status]) };
};

describe('runProbe with an expectation', () => {
  it('passes if everything is as expected, and names the file', async () => {
    const { result, cells, step } = await run({ plan: plan(expecting('allow', 'deny')) });
    expect(result.scenarios[0]).to.deep.include({ name: 'prod in kind-dev', file: 'expect.yaml', status: 'pass' });
    expect(cells).to.deep.equal([
      ['prod/api', 'deny', null, 'match'],
      ['prod/web', 'allow', null, 'match'],
    ]);
    expect([...(step.repeat ?? [])]).to.deep.equal([]);
    expect(exitCodeOf(result)).to.equal(0);
  });

  it('fails if a cell is not as expected, and says how to repeat it', async () => {
    const { result, cells, step } = await run({ plan: plan(expecting('deny', 'deny')) });
    expect(cells).to.deep.equal([
      ['prod/api', 'deny', null, 'match'],
      ['prod/web', 'deny', null, 'mismatch'],
    ]);
    expect(exitCodeOf(result)).to.equal(1);
    expect([...(step.repeat ?? [])]).to.deep.equal([
      [
        'prod/api > prod/web 80/TCP',
        'kubectl --kubeconfig /k --context kind-dev debug -n prod api -i --profile=baseline --image=probe:1 -- ' +
          'timeout 2 nc -n -z -v 10.0.0.1 80',
      ],
    ]);
    expect(step.why).to.equal(undefined);
  });

  it('explains what policies do, if it may read them', async () => {
    const { result, cells, step, notes } = await run({ plan: plan(expecting('allow', 'allow')), policies: [[closed]] });
    expect(cells).to.deep.equal([
      ['prod/api', 'allow', 'deny', 'mismatch'],
      ['prod/web', 'allow', 'allow', 'match'],
    ]);
    expect(exitCodeOf(result)).to.equal(1);
    expect([...(step.why?.keys() ?? [])]).to.deep.equal(['prod/web > prod/api 80/TCP']);
    expect(step.why?.get('prod/web > prod/api 80/TCP')?.explained.decision).to.equal('deny');
    expect(notes).to.deep.equal([]);
  });

  it('explains nothing by policies that changed meanwhile', async () => {
    const open = { ...closed, spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] } };
    const { cells, step, notes } = await run({ plan: plan(expecting('allow', 'allow')), policies: [[closed], [open]] });
    expect(cells[0]).to.deep.equal(['prod/api', 'allow', null, 'mismatch']);
    expect(step.why).to.equal(undefined);
    expect(notes).to.deep.equal(['the policies changed while probing, so no cell is explained']);
  });

  it('is an error if a cell was not seen, whatever else is wrong', async () => {
    const answer = (probe: string) => (probe.endsWith('10.0.0.2:80') ? REFUSED : OPEN);
    const { result, cells } = await run({ plan: plan(expecting('deny', 'deny')), answer });
    expect(cells.map(([, , , status]) => status)).to.deep.equal(['error', 'mismatch']);
    expect(exitCodeOf(result)).to.equal(2);
  });

  it('judges nothing by an expectation that is still to be written', async () => {
    const { result, cells } = await run({ plan: plan(null) });
    expect(cells.map(([, expected, , status]) => [expected, status])).to.deep.equal([
      [null, 'unjudged'],
      [null, 'unjudged'],
    ]);
    expect(exitCodeOf(result)).to.equal(0);
  });

  it('has no file without an expectation, and then asks for no policies', async () => {
    const { expectation: _expectation, ...bare } = plan(null);
    expect(headOfProbe(bare).file).to.equal('');
    const unasked = () => expect.fail('nobody should ask');
    const cluster = fakeCluster(objects, { exec: probeScript(NOTHING_TO_API) });
    const client = { ...cluster, get: unasked };
    const { progress } = fakeTerminal();
    const result = await runProbe(client, bare, { progress, signal: new AbortController().signal });
    expect(result.scenarios[0]?.status).to.equal('unjudged');
  });
});
