import { expect } from 'chai';
import { type Controls, type Unready, unreadyPods } from '../../../src/deploy/readiness.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { Client, KubeObject } from '../../../src/kube/client.ts';
import { failureOf } from '../failure-of.ts';
import { endpoint } from '../probe/fake-targets.ts';
import { skipPauses } from '../skip-pauses.ts';
import { fakeClient } from './fake-client.ts';

const asked = (name: string, node = 'n1') => ({ ...endpoint(name, 0, []), node, readiness: 80 });
const CONTROLS: Controls = {
  steady: [asked('nodes/steady-1', 'n1'), asked('nodes/steady-2', 'n2')],
  switched: [asked('nodes/switched-1', 'n1'), asked('nodes/switched-2', 'n2')],
};
const NOON = '2026-01-01T12:00:00Z';
const LATER = '2026-01-01T12:00:02Z';
const pod = (name: string, ready: boolean, since = NOON): KubeObject => ({
  metadata: { name },
  status: {
    phase: 'Running',
    podIP: '10.0.0.1',
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: since }],
  },
});
const STEADY = [pod('steady-1', true), pod('steady-2', true)];
const NO_EVENTS: readonly KubeObject[] = [];

/** What becomes of the control pods: those that stay, look by look, and those whose change goes unnoticed. */
interface Meanwhile {
  readonly steady?: readonly (readonly KubeObject[])[];
  readonly unnoticed?: readonly string[];
  /** Those that are not ready when watching begins. */
  readonly stopped?: readonly string[];
}

/** Time passes with each look at a namespace's pods, and not by the speed of this machine. */
const LOOK_MS = 500;
let nowMs = 0;

/** A cluster whose pods are these, look by look; the last stay. */
const clusterWith = (looks: readonly (readonly KubeObject[])[], meanwhile: Meanwhile = {}) => {
  const { steady = [STEADY], unnoticed = [], stopped = [] } = meanwhile;
  const ready = new Map(['switched-1', 'switched-2'].map((name) => [name, !stopped.includes(name)]));
  const switches: string[] = [];
  let [time, controlTime] = [0, 0];
  const at = (all: readonly (readonly KubeObject[])[], index: number) => all[Math.min(index, all.length - 1)] ?? [];
  const list: Client['list'] = async (path) => {
    if (!path.endsWith('/pods')) return NO_EVENTS;
    if (!path.includes('/nodes-')) {
      nowMs += LOOK_MS;
      return at(looks, time++);
    }
    // The first look is before anything is switched.
    const controls = at(steady, Math.max(0, controlTime++ - 1));
    return [...controls, ...[...ready].map(([name, isReady]) => pod(name, isReady))];
  };
  const exec: Client['exec'] = async ({ namespace, pod: name, container }, argv) => {
    switches.push(`${namespace}/${name} ${container} ${argv.at(-1)}`);
    if (!unnoticed.includes(name)) ready.set(name, argv.at(-1) === 'CONT');
    return { stdout: '', stderr: '', exitCode: 0 };
  };
  return { client: fakeClient({ list, exec }), times: () => time + controlTime, switches };
};

const kinds = (unready: ReadonlyMap<string, Unready>) =>
  Object.fromEntries([...unready].map(([name, { kind }]) => [name, kind]));
/** So short that there are two looks: at the beginning and at the end. */
const SHORT_MS = LOOK_MS + 1;

describe('unreadyPods', () => {
  skipPauses();
  const { now } = performance;
  beforeEach(() => {
    performance.now = () => nowMs;
  });
  afterEach(() => {
    performance.now = now;
  });

  const web = [asked('prod/web')];
  const watched = (...looks: readonly (readonly KubeObject[])[]) =>
    unreadyPods(clusterWith(looks).client, web, CONTROLS, SHORT_MS);

  it('are none if every pod stays ready, which takes the whole time', async () => {
    const { client } = clusterWith([[pod('web', true)]]);
    const start = nowMs;
    expect(await unreadyPods(client, web, CONTROLS, 2 * LOOK_MS)).to.deep.equal(new Map());
    expect(nowMs - start).to.be.at.least(2 * LOOK_MS);
  });

  it('are those that are not, without a break until the end, with the reason', async () => {
    const [unready] = [...(await watched([pod('web', false)]))];
    expect(unready?.[0]).to.equal('prod/web');
    expect(unready?.[1]).to.include({ kind: 'unready' });
    expect(unready?.[1].why).to.be.a('string').and.not.equal('');
    // Two seconds are enough, whatever was before.
    const late = clusterWith([[pod('web', true)], [pod('web', false, LATER)]]);
    expect(kinds(await unreadyPods(late.client, web, CONTROLS, 6 * LOOK_MS))).to.deep.equal({ 'prod/web': 'unready' });
  });

  it('say nothing if they come and go', async () => {
    const seen = [
      await watched([pod('web', true)], [pod('web', true, LATER)]),
      await watched([pod('web', false)], [pod('web', true, LATER)]),
      await watched([pod('web', true)], [pod('web', false, LATER)]),
      await watched([pod('web', false)], [pod('web', false, LATER)]),
    ];
    expect(seen.map(kinds)).to.deep.equal(Array(4).fill({ 'prod/web': 'unknown' }));
  });

  it('say nothing if they are gone', async () => {
    expect([...(await watched([pod('web', true)], []))]).to.deep.equal([
      ['prod/web', { kind: 'unknown', why: 'it is gone' }],
    ]);
  });

  it('say nothing if a control pod of their node did not stay ready either, ready or not', async () => {
    for (const ready of [true, false])
      for (const steady of [
        [[]],
        [[pod('steady-1', false)]],
        [[pod('steady-1', true)], [pod('steady-1', true, LATER)]],
      ]) {
        const cluster = clusterWith([[pod('web', ready)]], { steady });
        const unready = await unreadyPods(cluster.client, web, CONTROLS, SHORT_MS);
        expect(unready.get('prod/web')?.kind).to.equal('unknown');
        expect(unready.get('prod/web')?.why).to.contain('on n1 a pod that no policy isolates');
      }
  });

  it('say nothing if the kubelet of their node does not notice a server that is stopped, or goes on', async () => {
    for (const ready of [true, false])
      for (const stopped of [[], ['switched-1']]) {
        const cluster = clusterWith([[pod('web', ready)]], { stopped, unnoticed: ['switched-1'] });
        const unready = await unreadyPods(cluster.client, web, CONTROLS, SHORT_MS);
        expect(unready.get('prod/web')?.kind).to.equal('unknown');
        expect(unready.get('prod/web')?.why).to.contain('the kubelet of n1 did not notice');
      }
  });

  it('are judged by a kubelet that notices both, on their own node alone', async () => {
    for (const [stopped, signal] of [
      [[], 'STOP'],
      [['switched-1'], 'CONT'],
    ] as const) {
      const { client, switches } = clusterWith([[pod('web', true)]], { stopped });
      expect(kinds(await unreadyPods(client, web, CONTROLS, SHORT_MS))).to.deep.equal({});
      expect(switches).to.deep.equal([`nodes-x7k2a/switched-1 probe ${signal}`]);
    }
    const other = clusterWith([[pod('web', true), pod('api', true)]], {
      steady: [[pod('steady-1', true)]],
      unnoticed: ['switched-2'],
    });
    const unready = await unreadyPods(other.client, [...web, asked('prod/api', 'n2')], CONTROLS, SHORT_MS);
    expect(kinds(unready)).to.deep.equal({ 'prod/api': 'unknown' });
  });

  it('say nothing if no server can be switched', async () => {
    const { client } = clusterWith([[pod('web', true)]]);
    const silent = { ...client, exec: () => Promise.reject(new PodreachError('no exec')) };
    expect(kinds(await unreadyPods(silent, web, CONTROLS, SHORT_MS))).to.deep.equal({ 'prod/web': 'unknown' });
    const broken = { ...client, exec: () => Promise.reject(new TypeError('a defect')) };
    expect(await failureOf(unreadyPods(broken, web, CONTROLS, SHORT_MS))).to.be.instanceOf(TypeError);
  });

  it('are looked for only among pods that their kubelet asks, and not at all if there is none', async () => {
    const { client, times } = clusterWith([[pod('web', true), pod('plain', false)]]);
    const plain = endpoint('prod/plain', 1, []);
    expect((await unreadyPods(client, [plain], CONTROLS, SHORT_MS)).size).to.equal(0);
    expect(times()).to.equal(0);
    expect((await unreadyPods(client, [...web, plain], CONTROLS, SHORT_MS)).size).to.equal(0);
  });

  it('end with an abort', async () => {
    const { client } = clusterWith([[pod('web', true)]]);
    const failure = await failureOf(unreadyPods(client, web, CONTROLS, 60_000, AbortSignal.abort()));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.contain('interrupted');
  });

  it('fails if the cluster cannot tell, because then nothing is known', async () => {
    const failing = fakeClient({
      list: async () => {
        throw new PodreachError('the API server is gone');
      },
    });
    expect(await failureOf(unreadyPods(failing, web, CONTROLS, SHORT_MS))).to.be.instanceOf(PodreachError);
  });
});
