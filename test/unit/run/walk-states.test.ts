import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Source } from '../../../src/deploy/index.ts';
import type { Observation } from '../../../src/probe/index.ts';
import { walkStates } from '../../../src/run/walk-states.ts';
import type { ReadPolicy } from '../../../src/scenario/index.ts';
import { violationsIn } from '../../../src/watch/index.ts';
import { failureOf } from '../failure-of.ts';
import { endpoint, probe } from '../probe/fake-targets.ts';
import { fakeRecorder } from '../record/fake-recorder.ts';
import { skipPauses } from '../skip-pauses.ts';
import { policyOf } from './fake-stage.ts';

const PODS = ['prod/web', 'dev/client'].map((name, at) => endpoint(name, at, [{ number: 80, protocol: 'TCP' }]));
const OWN = probe('prod/web', 'prod/web');
const CELL = probe('dev/client', 'prod/web');
const UDP = probe('dev/client', 'prod/web', 53, 'UDP');

const [DENY, ALLOW] = [policyOf('deny'), policyOf('allow')];

/** Which of these policies let the cell through: a deny without an allow does not. */
const lets = (policies: readonly ReadPolicy[]): boolean => !policies.includes(DENY) || policies.includes(ALLOW);

/** What is nearer to each other than this is no cause and effect. */
const REQUEST_MS = 20;

interface Circumstances {
  /** What the client's connections show in a state; null if nothing. */
  readonly shows?: (policies: readonly ReadPolicy[]) => boolean | null;
  readonly probes?: readonly ReturnType<typeof probe>[];
  readonly signal?: AbortSignal;
  readonly seenWithinMs?: number;
}

const walk = async (states: readonly (readonly ReadPolicy[])[], circumstances: Circumstances = {}) => {
  const { shows = lets, probes = [OWN, CELL], seenWithinMs = 30_000 } = circumstances;
  let inForce: readonly ReadPolicy[] = [];
  let running = 0;
  const sourceOf = (from: string): Source => {
    const isOpen = () => (from === 'prod/web' ? true : shows(inForce));
    const recorder = fakeRecorder(from, { isOpen });
    return {
      endpoint: from,
      exec: async (argv, options) => {
        running += 1;
        return recorder.exec(argv, options).finally(() => {
          running -= 1;
        });
      },
    };
  };
  const world = {
    endpoints: new Map(PODS.map((pod) => [pod.endpoint, pod])),
    probes,
    source: sourceOf,
    isRecordable: () => true,
    take: async (asked: readonly (typeof CELL)[]) => {
      await sleep(REQUEST_MS);
      return asked.map(
        (one): Observation => ({
          ...{ ...one, flaky: false, attempts: 1, detail: '' },
          verdict: lets(inForce) ? 'allowed' : 'dropped',
        }),
      );
    },
    become: async (policies: readonly ReadPolicy[]) => {
      await sleep(REQUEST_MS);
      inForce = policies;
      await sleep(REQUEST_MS);
    },
    requirePolicies: async () => {},
  };
  const walked = await walkStates(world, states, {
    isWatched: () => true,
    recording: true,
    seenWithinMs,
    signal: circumstances.signal ?? new AbortController().signal,
  });
  expect(running, 'recorders that still run').to.equal(0);
  return { walked, cuts: violationsIn(walked, () => true).map(({ probe: { port }, after }) => [port, after]) };
};

describe('walkStates', () => {
  skipPauses();

  it('sees in each state what a deny before its allow cuts, and nothing in the other order', async () => {
    expect((await walk([[], [DENY], [DENY, ALLOW]])).cuts).to.deep.equal([[80, 1]]);
    const { walked, cuts } = await walk([[], [ALLOW], [DENY, ALLOW]]);
    expect(cuts).to.deep.equal([]);
    expect(walked.states.map(({ unseen }) => unseen)).to.deep.equal([[], [], []]);
    // The server's own connection only shows that it lives.
    expect(walked.watched.cells.map(({ from }) => from)).to.deep.equal(['dev/client']);
  });

  it('waits for a matrix in each state for what no recorder can watch', async () => {
    expect((await walk([[], [DENY], [DENY, ALLOW]], { probes: [UDP] })).cuts).to.deep.equal([[53, 1]]);
  });

  it('says which cells a state did not show, and ends when it is interrupted', async () => {
    const shows = (policies: readonly ReadPolicy[]) => (policies.includes(DENY) ? null : true);
    const { walked, cuts } = await walk([[], [DENY]], { shows, seenWithinMs: 2_000 });
    expect(cuts).to.deep.equal([]);
    expect(walked.states.map(({ unseen }) => unseen.map(({ from }) => from))).to.deep.equal([[], ['dev/client']]);
    const stopped = walk([[], [DENY]], { signal: AbortSignal.abort() });
    expect((await failureOf(stopped)).message).to.contain('interrupted');
  });
});
