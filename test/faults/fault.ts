import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { ExecCall } from './cluster/exec.ts';
import {
  CONTEXT,
  type Hooks,
  leftNamespaces,
  type SimulatedCluster,
  startCluster,
  TOKEN,
} from './cluster/simulated-cluster.ts';
import { inside } from './in-process.ts';
import { type Outcome, podreach, type RunningOptions, type Seen } from './podreach.ts';
import { brokenCells, wrongCells } from './truth.ts';

/** Something that goes wrong in a cluster, and what podreach has to make of it. */
export interface Fault {
  /** As its row in docs/reliability.md. */
  readonly name: string;
  readonly exitCode: number;
  /** What the user has to find in the output: what failed, and on what. */
  readonly says: readonly RegExp[];
  /** What would mislead him. */
  readonly neverSays?: RegExp;
  /** Makes it happen. */
  readonly arrange: (cluster: SimulatedCluster) => Hooks;
  /** Where cells have to be errors: which. All others have to be right. */
  readonly breaks?: RegExp;
  /** Scenarios that have to be in the report with a pass, whatever became of the others. */
  readonly passes?: readonly string[];
  /** Scenarios of test/faults/scenarios; `one` where left out. */
  readonly scenarios?: readonly string[];
  /** Namespaces stay, for nothing could be deleted any more; the next run removes them. */
  readonly leaves?: 'namespaces';
  /** How long the run may take; 90 seconds where left out. */
  readonly boundMs?: number;
}

const BOUND_MS = 90_000;
const MOST_TEXT = 100_000;

/** Whether an exec is one of a matrix: in a pod of the scenario, with its policies, or the one named, in force. */
export const isOfMatrix = (cluster: SimulatedCluster, { namespace }: ExecCall, policy?: string): boolean =>
  /^(prod|dev)-/v.test(namespace) && cluster.isEnforcing(policy);

/** The cluster's name of a scenario's namespace. */
export type Named = (namespace: string) => string;

interface Moment {
  /** Once, when the first probe of a matrix is about to be made. */
  readonly act?: (named: Named) => void;
  /** In force from then on. */
  readonly hooks?: Omit<Hooks, 'exec'>;
  /** For how long. */
  readonly forMs?: number;
  /** Only with this policy in force. */
  readonly policy?: string;
}

/** Has something happen while the first matrix is probed, or one under a certain policy. */
export const whileProbing = (cluster: SimulatedCluster, moment: Moment): Hooks => {
  const { act, hooks = {}, forMs = Number.POSITIVE_INFINITY, policy } = moment;
  let sinceMs: number | undefined;
  const isOn = () => sinceMs !== undefined && performance.now() - sinceMs < forMs;
  return {
    request: (request) => (isOn() ? hooks.request?.(request) : undefined),
    way: (way) => (isOn() ? (hooks.way?.(way) ?? way.state) : way.state),
    exec: (call) => {
      if (sinceMs !== undefined || !isOfMatrix(cluster, call, policy)) return undefined;
      sinceMs = performance.now();
      const suffix = call.namespace.replace(/^.*-/v, '');
      act?.((name) => `${name}-${suffix}`);
      cluster.redraw();
      return undefined;
    },
  };
};

/** Runs podreach on a cluster, as a user with a kubeconfig does. */
export const runOn = (
  cluster: Pick<SimulatedCluster, 'kubeconfig'>,
  {
    scenarios = ['one'],
    boundMs = BOUND_MS,
    through = [],
  }: Pick<Fault, 'scenarios' | 'boundMs'> & Pick<RunningOptions, 'through'> = {},
  onStart?: (pid: number) => void,
): Promise<Outcome> => podreach(argumentsOf(cluster, scenarios), { boundMs, through, ...(onStart && { onStart }) });

const argumentsOf = ({ kubeconfig }: Pick<SimulatedCluster, 'kubeconfig'>, scenarios: readonly string[]) => [
  ...['run', ...scenarios.map((name) => `test/faults/scenarios/${name}`)],
  ...['--context', CONTEXT, '--kubeconfig', kubeconfig, '--workers', '1'],
];

/** What holds of what a user sees of every run, whatever happened to it. */
const expectSoundText = ({ exitCode, text, report }: Seen): void => {
  expect(exitCode, `it did not end in time:\n${text}`).not.to.equal(undefined);
  expect(text).not.to.match(/a bug in podreach|^ +at .*:\d+:\d+/m);
  expect(text).not.to.contain(TOKEN);
  expect(Buffer.byteLength(text)).to.be.lessThan(MOST_TEXT);
  if (report) expect(wrongCells(report), text).to.deep.equal([]);
};

const expectNoFiles = (files: readonly string[], artifacts: boolean): void => {
  const left = files.filter((file) => isLeft(file, artifacts));
  expect(left, 'files that are left').to.deep.equal([]);
};

/** What holds of every run as a process. */
export const expectSound = (outcome: Outcome, { artifacts = false } = {}): void => {
  expectSoundText(outcome);
  expectNothingHere(outcome, artifacts);
};

/** What holds even of a process that was killed, where something else cleans up. */
export const expectNothingHere = ({ processes, files }: Outcome, artifacts = false): void => {
  expect(processes, 'processes that outlive it').to.deep.equal([]);
  expectNoFiles(files, artifacts);
};

/** What is to stay: locks, which are released, source ports in use, what `--last-failed` needs, and what was built. */
const isLeft = (file: string, artifacts: boolean): boolean =>
  !/^cache\/podreach\/(?:last-results|locks|source-ports)\//v.test(file) &&
  !(artifacts && file.startsWith('cache/podreach/artifacts/'));

/** What is left once the cluster has had a moment to empty the namespaces whose deletion it accepted. */
export const leftIn = async (cluster: SimulatedCluster): Promise<readonly string[]> => {
  const endMs = performance.now() + 3000;
  while (leftNamespaces(cluster).length > 0 && performance.now() < endMs) await sleep(50);
  return leftNamespaces(cluster);
};

export const expectEmpty = async (cluster: SimulatedCluster): Promise<void> => {
  expect(await leftIn(cluster), 'namespaces that are left').to.deep.equal([]);
};

/** What a run had to leave goes with the next one, once the fault is over. */
export const expectCleanUp = async (cluster: SimulatedCluster): Promise<void> => {
  expect(leftNamespaces(cluster)).not.to.deep.equal([]);
  cluster.interfere({});
  const next = await runOn(cluster);
  expectSound(next);
  expect(next.exitCode, next.text).to.equal(0);
  await expectEmpty(cluster);
};

const expectOutcome = (fault: Fault, outcome: Seen): void => {
  const { text, report, exitCode } = outcome;
  expect(exitCode, text).to.equal(fault.exitCode);
  for (const words of fault.says) expect(text).to.match(words);
  if (fault.neverSays) expect(text).not.to.match(fault.neverSays);
  const broken = report ? brokenCells(report) : [];
  const { breaks, passes = [] } = fault;
  if (breaks) {
    expect(broken, text).not.to.deep.equal([]);
    expect(
      broken.filter((cell) => !breaks.test(cell)),
      text,
    ).to.deep.equal([]);
  } else if (fault.exitCode === 0) expect(broken).to.deep.equal([]);
  const passed = (report?.scenarios ?? []).filter(({ status }) => status === 'pass').map(({ name }) => name);
  expect(passed).to.include.members([...passes]);
};

/** How many faults are tested at once, because a run mostly waits. */
const AT_ONCE = 3;

/** A test for each fault, on a cluster of its own, and one of what they left. */
export const testFaults = (faults: readonly Fault[]): void => {
  const begun = new Map<Fault, Promise<unknown>>();
  // Of those that --grep leaves out, some are under way at the end.
  after(async function () {
    this.timeout(2 * BOUND_MS);
    await Promise.all(begun.values());
  });
  const podreachInside = inside();
  const run = async (cluster: SimulatedCluster, fault: Fault): Promise<Seen> => {
    const { scenarios = ['one'], boundMs = BOUND_MS, leaves } = fault;
    if (!leaves) return podreachInside.run(argumentsOf(cluster, scenarios), boundMs);
    // The next run removes only what processes left that are gone.
    const outcome = await runOn(cluster, fault);
    expectSound(outcome);
    return outcome;
  };
  const test = async (fault: Fault): Promise<void> => {
    const cluster = await startCluster();
    try {
      cluster.interfere(fault.arrange(cluster));
      const outcome = await run(cluster, fault);
      expectSoundText(outcome);
      expectOutcome(fault, outcome);
      if (fault.leaves) await expectCleanUp(cluster);
      else await expectEmpty(cluster);
    } finally {
      await cluster.close();
    }
  };
  /** Resolves to what it failed with, because nobody may wait for it yet. */
  const begin = (fault: Fault): Promise<unknown> => {
    const result = begun.get(fault) ?? test(fault).catch((error) => error);
    begun.set(fault, result);
    return result;
  };
  for (const [at, fault] of faults.entries())
    it(fault.name, async function () {
      this.timeout(2 * (fault.boundMs ?? BOUND_MS) + 20_000);
      const [own] = faults.slice(at, at + AT_ONCE).map(begin);
      const failure = await own;
      if (failure !== undefined) throw failure;
    });
  it('leave no file, and nothing that would keep podreach from ending', async () => {
    await Promise.all(begun.values());
    const { files, held } = await podreachInside.left();
    expectNoFiles(files, false);
    expect(held).to.deep.equal([]);
  }).timeout(2 * BOUND_MS);
};
