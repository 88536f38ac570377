import type { Lease } from '../cluster/index.ts';
import { PodreachError } from '../errors.ts';
import { headOf, type RunEvents, type ScenarioResult } from '../matrix/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { requireCluster } from './group.ts';
import { createGroupPods, type GroupPods } from './group-pods.ts';
import { canFollow } from './join.ts';
import { NotRemovedError, onStage } from './on-stage.ts';
import { pinnedIn } from './pinned.ts';
import { brokenScenario, runScenario } from './scenario.ts';
import type { RunOptions, Stage } from './stage.ts';
import { withLastEvidence } from './step-evidence.ts';

/** What may differ from one scenario to the next. */
type ScenarioOptions = Pick<RunOptions, 'timeoutMs' | 'retries' | 'recording'>;

type SessionOptions = Pick<RunOptions, 'settleTimeoutMs' | 'timeoutMs' | 'evidence' | 'progress'>;

/** A cluster on which scenarios run one after the other, as they are asked for. */
export interface Session {
  /** Rejects if the cluster breaks; a scenario that breaks is a result. */
  run(scenario: Scenario, options: ScenarioOptions, events?: RunEvents): Promise<ScenarioResult>;
  /** Ends what is running, removes what was created and gives the cluster back. Rejects if that fails. */
  close(): Promise<void>;
}

/**
 * Leases the cluster at once. A scenario reuses the pods of the one before it if few of them differ. `stageFor` is a
 * parameter for tests.
 */
export const openSession = (
  leaseCluster: (signal: AbortSignal) => Promise<Lease>,
  options: SessionOptions,
  stageFor = onStage,
): Session => {
  const ended = new AbortController();
  const ready = Promise.withResolvers<Stage>();
  let last: Promise<unknown> = Promise.resolve();
  /** What was not removed, or not given back. */
  let left: unknown;
  const closed = new PodreachError('the session on the cluster was closed');
  const live = async (): Promise<never> => {
    const lease = await leaseCluster(ended.signal);
    const work = async (stage: Stage) => {
      ready.resolve(stage);
      await aborted(stage.signal);
      await last;
    };
    try {
      await stageFor(lease, { ...options, ...ALONE, signal: ended.signal }, work);
      throw closed;
    } catch (error) {
      if (error instanceof NotRemovedError) left = error;
      throw error;
    } finally {
      await lease.release().catch((error: unknown) => {
        left ??= error;
      });
    }
  };
  const life = live();
  life.catch(ready.reject);
  ready.promise.catch(() => {});
  const pods = createPods();
  const runNext = async (scenario: Scenario, chosen: ScenarioOptions, events?: RunEvents) => {
    const stage = { ...(await ready.promise), ...chosen, ...(events && { events }) };
    return runOn(await pods.for(scenario, stage), scenario, stage);
  };
  /** What breaks a stage breaks a scenario too, and often before the stage has cleaned up and says why. */
  const causeOf = async (error: unknown): Promise<never> => {
    if (ended.signal.aborted || !(await ready.promise).signal.aborted) throw error;
    const cause = await life.catch((reason: unknown) => reason);
    throw cause === closed ? error : cause;
  };
  return {
    run: (scenario, chosen, events) => {
      const result = last.then(() => runNext(scenario, chosen, events));
      last = result.catch(() => {});
      return Promise.race([life, result.catch(causeOf)]);
    },
    close: async () => {
      ended.abort();
      // Whoever asked for a scenario knows already what broke.
      await life.catch(() => {});
      if (left) throw left;
    },
  };
};

/** One scenario at a time, all of its cells, and nothing stays after it. */
const ALONE = { workers: 1, sampling: false, recording: false, retries: 0, bail: false, keep: false };

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** The pods of the last scenario, for the next one if it can run on them. */
const createPods = () => {
  let held: { readonly last: Scenario; readonly group: GroupPods } | undefined;
  return {
    for: async (scenario: Scenario, stage: Stage): Promise<GroupPods> => {
      if (held && canFollow(held.last, scenario)) held = { ...held, last: scenario };
      else {
        await held?.group.dispose();
        const contested = pinnedIn([scenario]).size > 0;
        held = { last: scenario, group: createGroupPods([scenario], { ...stage, contested, held: new Map() }) };
      }
      return held.group;
    },
  };
};

const runOn = async (group: GroupPods, scenario: Scenario, stage: Stage): Promise<ScenarioResult> => {
  const acquired = await group.acquire(scenario.steps[0].topology).catch(async (error: unknown) => {
    await requireCluster(stage, error);
    return withLastEvidence(brokenScenario(scenario, error), stage);
  });
  if ('status' in acquired) {
    for (const step of acquired.steps) stage.events?.onStepEnd(step, headOf(scenario));
    return acquired;
  }
  const result = await runScenario(scenario, acquired.pods, stage);
  if (result.status === 'error') await requireCluster(stage);
  await group.release(result, { isLast: false });
  return result;
};
