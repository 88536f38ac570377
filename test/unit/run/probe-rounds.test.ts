import { expect } from 'chai';
import { existingPod } from '../../../src/attach/existing-pod.ts';
import type { Attachment } from '../../../src/attach/index.ts';
import { probesBetween } from '../../../src/attach/probes-between.ts';
import { lifetimeSeconds, probeForeign } from '../../../src/run/probe-rounds.ts';
import type { Port } from '../../../src/scenario/index.ts';
import { podObject } from '../attach/fake-cluster.ts';

const tcp = (...numbers: readonly number[]): readonly Port[] => numbers.map((number) => ({ number, protocol: 'TCP' }));

const podsWith = (ports: Readonly<Record<string, readonly Port[]>>) =>
  Object.entries(ports).map(([endpoint, own], index) => {
    const status = { phase: 'Running', podIP: `10.0.0.${index + 1}` };
    return existingPod(podObject(endpoint, { status }), own);
  });

interface Circumstances {
  /** By `from 10.0.0.2:80`; everything else is open. */
  readonly answers?: Readonly<Record<string, string>>;
  readonly lost?: (asked: number) => ReadonlyMap<string, string>;
  readonly mute?: ReadonlyMap<string, string>;
  readonly ownTools?: Attachment['ownTools'];
}

const REFUSED = '1 100.00 100.01 Connection refused';
const SILENT = '124 100.00 102.00 ';

/** Attached pods in memory, and what was asked of them in each exec. */
const attached = (pods: ReturnType<typeof podsWith>, circumstances: Circumstances = {}) => {
  const { answers = {}, lost = () => new Map(), mute = new Map(), ownTools = new Map() } = circumstances;
  const execs: { readonly from: string; readonly asked: readonly string[] }[] = [];
  let looks = 0;
  const attachment: Attachment = {
    endpoints: new Map(pods.map((pod) => [pod.endpoint, pod])),
    mute,
    ownTools,
    lost: async () => lost(looks++),
    detach: async () => new Map(),
    source: (from) => ({
      endpoint: from,
      exec: async (argv) => {
        const [, , , , nonce = '', , , ...trials] = argv;
        const asked = trials.map((trial) => trial.split(','));
        execs.push({ from, asked: asked.map(([, tool, host, port]) => `${tool} ${host}:${port}`) });
        const lines = asked.map(([id, , host, port]) => {
          const told = answers[`${from} ${host}:${port}`] ?? '0 100.00 100.01 ok';
          return `${nonce} ${id} ${told} ${nonce}:${id}\n`;
        });
        return { stdout: `${lines.join('')}end ${nonce} ${trials.length}\n`, stderr: '', exitCode: 0 };
      },
    }),
  };
  return { attachment, execs };
};

const options = { timeoutMs: 2000, retries: 1, signal: new AbortController().signal };

const run = async (pods: ReturnType<typeof podsWith>, circumstances?: Circumstances) => {
  const { attachment, execs } = attached(pods, circumstances);
  const probes = probesBetween(pods);
  const observations = await probeForeign(attachment, probes, options);
  const tableOf = observations.map(({ from, to, port, verdict }) => `${from} ${to}:${port} ${verdict}`);
  return { probes, observations, execs, table: tableOf };
};

describe('probeForeign', () => {
  it('says what was seen of each probe, in the order given', async () => {
    const pods = podsWith({ 'a/x': tcp(80), 'a/y': tcp(80) });
    const { table, execs } = await run(pods, { answers: { 'a/x 10.0.0.2:80': SILENT } });
    expect(table).to.deep.equal([
      'a/x a/x:80 allowed',
      'a/x a/y:80 dropped',
      'a/y a/x:80 allowed',
      'a/y a/y:80 allowed',
    ]);
    expect(new Set(execs.flatMap(({ asked }) => asked))).to.deep.equal(
      new Set(['connect 10.0.0.1:80', 'connect 10.0.0.2:80']),
    );
  });

  it('opens a few connections of one pod at a time, and all to one server together', async () => {
    const pods = podsWith({ 'a/x': tcp(...Array.from({ length: 23 }, (_, index) => index + 1)), 'a/y': [] });
    const { observations, probes, execs } = await run(pods);
    expect(observations.map(({ from, to, port }) => [from, to, port])).to.deep.equal(
      probes.map(({ from, to, port }) => [from, to, port]),
    );
    expect(execs.filter(({ from }) => from === 'a/y').map(({ asked }) => asked.length)).to.deep.equal([10, 10, 3]);
    const rounds = execs.filter(({ from }) => from === 'a/x').map(({ asked }) => asked);
    expect(execs.filter(({ from }) => from === 'a/y').map(({ asked }) => asked)).to.deep.equal(rounds);
  });

  it('calls a port where nothing listens an error for all, not blocked', async () => {
    const pods = podsWith({ 'a/x': [], 'a/y': tcp(80) });
    const answers = { 'a/x 10.0.0.2:80': REFUSED, 'a/y 10.0.0.2:80': REFUSED };
    const { table, observations } = await run(pods, { answers });
    expect(table[0]).to.equal('a/x a/y:80 error');
    expect(observations[0]?.detail).to.contain('nothing listens there');
  });

  it('sends nothing to or from a pod that has changed, not even in a later round', async () => {
    const pods = podsWith({ 'a/x': tcp(...Array.from({ length: 22 }, (_, index) => index + 1)), 'a/y': tcp(80) });
    const gone = new Map([['a/y', 'it is gone']]);
    const before = await run(pods, { lost: () => gone });
    expect(before.execs.map(({ from }) => from)).not.to.include('a/y');
    expect(before.execs.flatMap(({ asked }) => asked)).not.to.include('connect 10.0.0.2:80');
    for (const { from, to, verdict, detail } of before.observations) {
      if (from !== 'a/y' && to !== 'a/y') continue;
      expect({ verdict, detail }).to.deep.equal({ verdict: 'error', detail: 'a/y broke: it is gone' });
    }
    // Seen once after the first round, and never again: it stays lost.
    const later = await run(pods, { lost: (asked) => (asked === 1 ? gone : new Map()) });
    expect(later.execs.filter(({ from }) => from === 'a/y')).to.have.length(1);
    expect(later.table.filter((line) => line.includes('a/y') && !line.endsWith('error'))).to.deep.equal([]);
  });

  it('says why a pod is not a source, and does not ask it', async () => {
    const pods = podsWith({ 'a/x': tcp(80), 'a/y': tcp(80) });
    const { table, observations, execs } = await run(pods, { mute: new Map([['a/y', 'it has no shell']]) });
    expect(execs.map(({ from }) => from)).to.deep.equal(['a/x']);
    expect(table.slice(0, 2)).to.deep.equal(['a/x a/x:80 allowed', 'a/x a/y:80 allowed']);
    expect(observations[2]).to.deep.include({
      verdict: 'error',
      detail: 'no probe can start from a/y: it has no shell',
    });
  });

  it('tries nothing but TCP by the tools of a pod', async () => {
    const pods = podsWith({ 'a/x': [], 'a/y': [{ number: 53, protocol: 'UDP' }, ...tcp(80)] });
    const ownTools = new Map([['a/x', { container: 'app', connector: 'nc' as const }]]);
    const { table, execs } = await run(pods, { ownTools });
    expect(table.slice(0, 2)).to.deep.equal(['a/x a/y:53 unsupported', 'a/x a/y:80 allowed']);
    expect(execs.find(({ from }) => from === 'a/x')?.asked).to.deep.equal(['connect 10.0.0.2:80']);
    expect(execs.find(({ from }) => from === 'a/y')?.asked).to.deep.equal(['knock 10.0.0.2:53', 'connect 10.0.0.2:80']);
  });
});

describe('lifetimeSeconds', () => {
  it('is enough for every round at its worst, and never for ever', () => {
    const probes = probesBetween(podsWith({ 'a/x': tcp(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 'a/y': [] }));
    // Two rounds, each with a first attempt, a retry and three slower ones.
    expect(lifetimeSeconds(probes, { timeoutMs: 1500, retries: 1, repeatEach: 1 })).to.be.within(
      120 + 2 * 5 * 1.5,
      600,
    );
    expect(lifetimeSeconds(probes, { timeoutMs: 60_000, retries: 1, repeatEach: 1 })).to.be.above(2 * 5 * 60);
    expect(lifetimeSeconds(probes, { timeoutMs: 60_000, retries: 9, repeatEach: 1 })).to.be.above(2 * 13 * 60);
    expect(lifetimeSeconds(probes, { timeoutMs: 60_000, retries: 1, repeatEach: 7 })).to.be.above(7 * 2 * 5 * 60);
  });
});
