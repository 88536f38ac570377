import { expect } from 'chai';
import { existingPod } from '../../../src/attach/existing-pod.ts';
import { probesBetween } from '../../../src/attach/probes-between.ts';
import { type Choice, wayOf } from '../../../src/attach/way.ts';
import { PodreachError } from '../../../src/errors.ts';
import { exitCodeOf } from '../../../src/report/index.ts';
import { containerName, runProbe } from '../../../src/run/probe.ts';
import type { ProbePlan } from '../../../src/run/probe-plan.ts';
import { type Behaviour, fakeCluster, podObject } from '../attach/fake-cluster.ts';
import { fakeTerminal } from '../commands/fake-terminal.ts';
import { failureOf } from '../failure-of.ts';
import { OPEN, probeScript, REFUSED, SILENT } from './probe-script.ts';

const objects = ['prod/web', 'prod/api'].map((endpoint, index) => {
  const { status } = podObject(endpoint);
  return podObject(endpoint, { status: { ...status, podIPs: [{ ip: `10.0.0.${index + 1}` }] } });
});
const pods = objects.map((pod) => existingPod(pod, null));

const plan = (choice: Choice = 'auto'): ProbePlan => ({
  context: 'kind-dev',
  namespaces: ['prod'],
  pods,
  ways: new Map(pods.map((pod) => [pod.endpoint, wayOf(pod, choice, true)])),
  probes: probesBetween(pods),
  image: 'probe:1',
  container: 'podreach-abc',
  timeoutMs: 2000,
  retries: 1,
  repeatEach: 1,
  failOnFlaky: false,
});

const run = async (behaviour: Behaviour, choice: Choice = 'auto', signal = new AbortController().signal) => {
  const cluster = fakeCluster(objects, behaviour);
  const { progress, notes } = fakeTerminal();
  const result = await runProbe(cluster, plan(choice), { progress, signal });
  return { cluster, notes, result };
};

const running = ({ pods: now }: ReturnType<typeof fakeCluster>) =>
  [...now].flatMap(([endpoint, { status }]) =>
    status?.ephemeralContainerStatuses?.some(({ state }) => state?.running) ? endpoint : [],
  );

describe('runProbe', () => {
  it('shows what was seen, of which nothing was expected, and ends what it started', async () => {
    const exec = probeScript((probe) => (probe === 'prod/web 10.0.0.2:80' ? SILENT : OPEN));
    const { cluster, notes, result } = await run({ exec });
    const [scenario] = result.scenarios;
    expect(scenario).to.deep.include({ name: 'prod in kind-dev', status: 'unjudged' });
    const cells = scenario?.steps.flatMap((step) => step.cells) ?? [];
    expect(
      cells.map(({ from, to, observed, expected, model, status }) => [from, to, observed, expected, model, status]),
    ).to.deep.equal([
      ['prod/web', 'prod/web', 'allowed', null, null, 'self'],
      ['prod/web', 'prod/api', 'dropped', null, null, 'unjudged'],
      ['prod/api', 'prod/web', 'allowed', null, null, 'unjudged'],
      ['prod/api', 'prod/api', 'allowed', null, null, 'self'],
    ]);
    expect(exitCodeOf(result)).to.equal(0);
    expect(cluster.patches).to.have.length(2);
    expect(running(cluster)).to.deep.equal([]);
    expect(notes).to.deep.equal([]);
  });

  it('takes the matrix as often as it is told, and fails a flaky cell if that is asked for', async () => {
    let asked = 0;
    const exec = probeScript((probe) => {
      if (probe !== 'prod/web 10.0.0.2:80') return OPEN;
      asked += 1;
      return asked === 2 ? SILENT : OPEN;
    });
    const of = async (failOnFlaky: boolean) => {
      asked = 0;
      const { progress } = fakeTerminal();
      const repeated = { ...plan(), repeatEach: 4, failOnFlaky };
      const result = await runProbe(fakeCluster(objects, { exec }), repeated, {
        progress,
        signal: new AbortController().signal,
      });
      const [step] = result.scenarios[0]?.steps ?? [];
      expect(step?.repeats).to.equal(4);
      expect(step?.cells[1]?.observation?.tally).to.deep.equal({ allowed: 3, dropped: 1 });
      return exitCodeOf(result);
    };
    expect(await of(false)).to.equal(2);
    expect(await of(true)).to.equal(1);
  });

  it('is an error, not a pass, if a cell was not seen', async () => {
    const exec = probeScript((probe) => (probe.endsWith('10.0.0.2:80') ? REFUSED : OPEN));
    const { result } = await run({ exec });
    expect(result.scenarios[0]?.status).to.equal('error');
    expect(exitCodeOf(result)).to.equal(2);
  });

  it('is an error if nothing at all was seen', async () => {
    const dns = pods.map((pod) => ({ ...pod, ports: [{ number: 53, protocol: 'UDP' as const }] }));
    const cluster = fakeCluster(objects, { exec: probeScript(() => SILENT) });
    const silent = { ...plan(), pods: dns, probes: probesBetween(dns) };
    const { progress } = fakeTerminal();
    const result = await runProbe(cluster, silent, { progress, signal: new AbortController().signal });
    const statuses = result.scenarios[0]?.steps[0]?.cells.map(({ status }) => status);
    expect(new Set(statuses)).to.deep.equal(new Set(['self', 'unsupported']));
    expect(result.scenarios[0]?.status).to.equal('error');
  });

  it('says with what it probed if that could not be foreseen', async () => {
    const tool = { stdout: 'nc\n', stderr: '', exitCode: 0 };
    const exec: Behaviour['exec'] = (target, argv) =>
      argv.includes('probe') ? probeScript(() => OPEN)(target, argv) : tool;
    const refused = new PodreachError('403 Forbidden');
    const stateOf = (endpoint: string) => {
      if (endpoint === 'prod/api') throw refused;
      return { running: {} };
    };
    const { notes, result } = await run({ exec, stateOf });
    expect(notes).to.have.length(1);
    expect(notes[0]).to.match(
      /^prod\/api: no ephemeral container, because it was refused: 403 .*container app, using its nc$/,
    );
    expect(result.scenarios[0]?.status).to.equal('unjudged');
    const mute = await run({ stateOf, exec }, 'ephemeral');
    expect(mute.notes[0]).to.match(/^prod\/api: no probe can start from it: no ephemeral container/);
    expect(mute.result.scenarios[0]?.status).to.equal('error');
  });

  it('says so if a container does not end', async () => {
    const { notes } = await run({ exec: probeScript(() => OPEN), ends: false });
    expect(notes).to.have.length(2);
    expect(notes[0]).to.match(/container podreach-abc is still running; it ends by itself .* after its start/);
  });

  it('ends what it started when it is interrupted in the middle', async () => {
    const interruption = new AbortController();
    const cluster = fakeCluster(objects, {
      exec: () => {
        interruption.abort();
        throw new PodreachError('exec was interrupted');
      },
    });
    const work = runProbe(cluster, plan(), { progress: fakeTerminal().progress, signal: interruption.signal });
    expect((await failureOf(work)).message).to.contain('interrupted');
    expect(cluster.patches).to.have.length(2);
    expect(running(cluster)).to.deep.equal([]);
  });
});

describe('containerName', () => {
  it('is a name of its own each time, and one that Kubernetes takes', () => {
    const names = Array.from({ length: 50 }, containerName);
    expect(new Set(names).size).to.equal(50);
    for (const name of names) expect(name).to.match(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  });
});
