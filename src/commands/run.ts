import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { givenCluster, type ImageChoice, leaseCluster, stockProbeImage } from '../cluster/index.ts';
import { PodreachError } from '../errors.ts';
import { judge, snapshotOf, statusOf } from '../matrix/index.ts';
import type { Progress } from '../progress.ts';
import { exitCodeOf, reporters, type ScenarioResult, type StepResult } from '../report/index.ts';
import { runScenarios } from '../run.ts';
import { loadScenarios, type Scenario, writeGrid } from '../scenario/index.ts';

export type ReporterName = keyof typeof reporters;

/** What `podreach run` was told; see its --help. */
export interface RunFlags {
  readonly grep?: RegExp;
  readonly shard?: { readonly index: number; readonly count: number };
  readonly workers: number;
  readonly retries: number;
  readonly timeout: number;
  readonly bail?: boolean;
  readonly reporter: readonly ReporterName[];
  readonly output?: string;
  readonly updateSnapshots?: boolean;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly probeImage?: string;
  readonly keep?: boolean;
  readonly images: ImageChoice;
  readonly config: string;
}

/** What a command needs of the terminal it runs in. */
export interface Terminal {
  /** Prints text as it is to standard output. */
  print(text: string): void;
  readonly progress: Progress;
  readonly colour: boolean;
  readonly width?: number;
  readonly signal: AbortSignal;
}

/** Keeps the scenarios whose name matches and, of those, the shard's share: every n-th, so that shards are alike. */
export const select = (
  scenarios: readonly Scenario[],
  { grep, shard }: Pick<RunFlags, 'grep' | 'shard'>,
): Scenario[] => {
  const named = scenarios.filter(({ name }) => !grep || grep.test(name));
  if (named.length === 0) {
    throw new PodreachError(`no scenario's name matches ${grep}`, {
      hint: `the names are ${scenarios.map(({ name }) => name).join(', ')}`,
    });
  }
  return shard ? named.filter((_, place) => place % shard.count === shard.index - 1) : named;
};

/** What can be told to be wrong before a long run, is: two reports on one output, a report that can't be written. */
const checkFlags = async ({ reporter, output, context, kubeconfig, probeImage }: RunFlags): Promise<void> => {
  if (output !== undefined && reporter.every((name) => name === 'terminal')) {
    throw new PodreachError('--output needs a report to write', { hint: 'add --reporter json' });
  }
  if (output === undefined && reporter.length > 1) {
    throw new PodreachError(`${reporter.join(' and ')} can't both go to standard output`, {
      hint: 'give --output FILE: the terminal report stays on standard output, the other goes into the file',
    });
  }
  if (context === undefined && (kubeconfig !== undefined || probeImage !== undefined)) {
    throw new PodreachError('--kubeconfig and --probe-image are for a cluster of your own', {
      hint: 'name it with --context, or leave them out to run on a cluster of podreach',
    });
  }
  if (output !== undefined) await access(dirname(resolve(output)), constants.W_OK).catch(unwritable(output));
};

const unwritable = (path: string) => (cause: unknown) => {
  throw new PodreachError(`the report can't be written to ${path}`, { cause, hint: 'does its folder exist?' });
};

/** `podreach run`: returns the exit code. Throws before any cluster exists when the input is wrong. */
export const run = async (paths: readonly string[], flags: RunFlags, terminal: Terminal): Promise<number> => {
  await checkFlags(flags);
  const scenarios = select(await loadScenarios([...paths]), flags);
  const { progress, signal, colour, width } = terminal;
  const { context, kubeconfig = defaultKubeconfig(), probeImage = stockProbeImage } = flags;
  const lease = async () =>
    context === undefined
      ? leaseCluster({ images: flags.images, configFile: flags.config, keep: flags.keep ?? false, progress, signal })
      : givenCluster(context, kubeconfig, probeImage);
  // A shard may have no scenario of few; that is in order, and its report says so.
  const empty = scenarios.length === 0;
  if (empty) progress.note('this shard has no scenario');
  const result = empty
    ? { scenarios: [], timings: {} }
    : await runScenarios(scenarios, lease, {
        workers: flags.workers,
        timeoutMs: flags.timeout,
        retries: flags.retries,
        bail: flags.bail ?? false,
        keep: flags.keep ?? false,
        progress,
        signal,
      });
  const judged = flags.updateSnapshots ? await update(scenarios, result.scenarios, progress) : result.scenarios;
  const final = { ...result, scenarios: judged };
  const toFile = flags.reporter.filter((name) => name !== 'terminal' && flags.output !== undefined);
  const toTerminal = flags.reporter.filter((name) => !toFile.includes(name) && !(empty && name === 'terminal'));
  const textOf = (name: ReporterName) => reporters[name](final, { colour, ...(width && { width }) });
  for (const name of toTerminal) terminal.print(textOf(name));
  for (const name of toFile) await writeReport(flags.output ?? '', textOf(name));
  if (final.problem !== undefined) throw new PodreachError(final.problem, final.hint ? { hint: final.hint } : {});
  return empty ? 0 : exitCodeOf(final);
};

/** Where kubectl looks first. */
const defaultKubeconfig = (): string =>
  process.env.KUBECONFIG?.split(delimiter)[0] || join(homedir(), '.kube', 'config');

const writeReport = (path: string, text: string): Promise<void> => writeFile(path, text).catch(unwritable(path));

/**
 * Writes what was seen into the scenarios whose expectation is a grid, or is not written yet. Rules state an intent, so
 * they are the user's to change.
 */
const update = async (
  scenarios: readonly Scenario[],
  results: readonly ScenarioResult[],
  progress: Progress,
): Promise<ScenarioResult[]> => {
  const byFile = new Map(scenarios.map((scenario) => [scenario.file, scenario]));
  const updated: ScenarioResult[] = [];
  for (const result of results) {
    const scenario = byFile.get(result.file);
    const [step] = result.steps;
    const stale = step && step.cells.length > 0 && scenario?.steps[0]?.form !== 'rules' && result.status !== 'pass';
    updated.push(stale && scenario ? await rewrite(scenario, result, step, progress) : result);
  }
  return updated;
};

/** The result as it is by the new expectation; what was seen with uncertainty is not written, and the result says so. */
const rewrite = async (
  scenario: Scenario,
  result: ScenarioResult,
  step: StepResult,
  progress: Progress,
): Promise<ScenarioResult> => {
  try {
    const snapshot = snapshotOf(step.cells);
    await writeGrid(scenario.file, snapshot, scenario.topology);
    progress.note(`${result.name}: wrote what was seen into ${result.file}`);
    const cells = judge(
      snapshot,
      step.cells.flatMap(({ observation }) => observation ?? []),
    );
    const { name, timings } = step;
    return { ...result, status: statusOf(cells), steps: [{ name, timings, cells, status: statusOf(cells) }] };
  } catch (error) {
    if (!(error instanceof PodreachError)) throw error;
    const { message: problem, hint } = error;
    return { ...result, status: 'error', steps: [{ ...step, status: 'error', problem, ...(hint && { hint }) }] };
  }
};
