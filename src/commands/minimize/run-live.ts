import { factsOf } from '../../bundle/index.ts';
import { isHost, isService } from '../../deploy/index.ts';
import { PodreachError } from '../../errors.ts';
import { judge, type StepResult, statusOf } from '../../matrix/index.ts';
import { type Ask, type Finding, minimize, sizeOf, type World, worldIn } from '../../minimize/index.ts';
import { cellText } from '../../report/minimize/index.ts';
import type { Ended } from '../../result-first.ts';
import { runTrials, type Trial, type Trials } from '../../run/index.ts';
import { probeKey } from '../../scenario/index.ts';
import { plural } from '../../text.ts';
import { type LiveFlags, leaseFor } from '../live-cluster.ts';
import type { Terminal } from '../terminal/index.ts';
import type { LiveFacts } from './bundle.ts';
import { askLive, lookOnce, mismatchOf } from './live.ts';
import type { MinimizeFlags, Task } from './task.ts';
import { earlierText, openTries, type Tries } from './tries.ts';

export interface Live {
  readonly finding: Finding;
  /** Absent if no bundle is wanted. */
  readonly facts?: LiveFacts;
}

/** Reduces a scenario on running pods, for as long as the CNI does otherwise than the specification says. */
export const minimizeLive = async (
  task: Task,
  flags: MinimizeFlags & LiveFlags,
  { progress, signal }: Terminal,
): Promise<Ended<Live>> => {
  const tries = await openTries(task.output, task.subject);
  const lease = await leaseFor([task.scenario], flags, { progress, signal });
  if (tries.before > 0) progress.note(earlierText(tries));
  const options = { timeoutMs: flags.timeout, settleTimeoutMs: flags.settleTimeout, progress, signal };
  const search = { tries, progress, signal, isBundled: flags.bundle !== undefined };
  return runTrials(lease, options, (trials) => searchOn(trials, task, search));
};

interface Search extends Pick<Terminal, 'progress' | 'signal'> {
  readonly tries: Pick<Tries, 'known' | 'keep'>;
  /** Whether facts for a bundle are wanted. */
  readonly isBundled: boolean;
}

/** The search itself. Throws a PodreachError if the CNI does nothing wrong with the cell. */
export const searchOn = async (
  trials: Trials,
  { scenario, step, subject, world, triesAtMost }: Task,
  { tries, progress, signal, isBundled }: Search,
): Promise<Live> => {
  const seen = tries.known(world) ?? (await lookOnce(trials, world, signal));
  await tries.keep(world, seen);
  const mismatch = mismatchOf(subject.cell, seen);
  if (!mismatch || seen.flaky) throw nothingToReduce(world, seen);
  const askOne = askLive(trials, mismatch, tries, signal);
  let count = 0;
  const ask: Ask = async (one) => {
    const isKnown = tries.known(one) !== undefined;
    const answer = await askOne(one);
    count += 1;
    if (isKnown) return answer;
    const { policies, pods } = sizeOf(one);
    const size = `${plural(policies, 'policy', 'policies')}, ${plural(pods, 'pod')}`;
    progress.note(`try ${count}: ${size}: ${TOLD[answer]}`);
    return answer;
  };
  const minimized = await minimize(subject, ask, triesAtMost);
  const smallest = worldIn(minimized.subject) ?? world;
  const { shown, facts } = await confirm(trials, smallest, mismatch, { name: scenario.name, signal, isBundled });
  const finding: Finding = {
    ...minimized,
    ...{ scenario: scenario.name, file: scenario.file, step: step.name, mismatch },
    ...{ before: sizeOf(world), after: sizeOf(smallest), confirmed: { shown, times: CONFIRMED } },
  };
  return { finding, ...(facts && { facts }) };
};

const TOLD = { shows: 'still shows it', gone: 'does not show it', unsure: 'no clear answer' } as const;

const nothingToReduce = (
  { cell }: World,
  { decision, verdict, flaky }: Awaited<ReturnType<typeof lookOnce>>,
): PodreachError => {
  if (flaky)
    return new PodreachError(`${cellText(cell)} is flaky: its verdict changes from one attempt to the next`, {
      hint: 'there is nothing to build on until it is clear: docs/flaky.md',
    });
  const said = decision === 'unknown' ? "the specification can't decide it" : `the specification says ${decision}`;
  return new PodreachError(`${cellText(cell)} is ${verdict}, and ${said}: the CNI does nothing wrong there`, {
    hint: 'without --live, minimize looks for the policies that decide it',
  });
};

type LiveMismatch = NonNullable<ReturnType<typeof mismatchOf>>;

/** Once with every cell, and once more for the counters. */
const CONFIRMED = 2;

interface Wanted extends Pick<Search, 'signal' | 'isBundled'> {
  readonly name: string;
}

/** Tries the smallest world again. */
const confirm = async (
  trials: Trials,
  world: World,
  mismatch: LiveMismatch,
  { name, signal, isBundled }: Wanted,
): Promise<{ readonly shown: number; readonly facts?: LiveFacts }> => {
  const { cell } = mismatch;
  const whole = await trials.take(world);
  const again: Trial[] = [];
  const once = async (): Promise<void> => void again.push(await trials.take(world, [cell]));
  const { endpoints } = whole.deployment;
  const nodes = isBundled ? await factsOf({ client: trials.client, endpoints, cell, signal }, once) : await once();
  const shown = [whole, ...again].filter((trial) => showsIn(trial, mismatch)).length;
  if (!nodes) return { shown };
  const nodeOf = (endpoint: string): string | undefined => {
    const end = endpoints.get(endpoint);
    return end && !isHost(end) && !isService(end) ? end.node : undefined;
  };
  return { shown, facts: { step: stepOf(whole, name), nodes, nodeOf } };
};

const showsIn = ({ seen }: Trial, { cell, decision: wanted, observed }: LiveMismatch): boolean =>
  seen.some(({ observation, decision }) => {
    const { family, verdict } = observation;
    const isAsked = probeKey({ ...cell, ...(family && { family }) }) === probeKey(observation);
    const isAlike = decision === wanted && (verdict === 'allowed') === (observed === 'allowed');
    return isAsked && isAlike && verdict !== 'error' && verdict !== 'unsupported';
  });

const stepOf = ({ seen, situation }: Trial, name: string): StepResult => {
  const predicted = seen.map(({ observation, decision }) => ({ ...observation, decision, leftOpen: false }));
  const cells = judge(
    'model',
    seen.map(({ observation }) => observation),
    predicted,
  );
  return { name, status: statusOf(cells), timings: {}, cells, situation };
};
