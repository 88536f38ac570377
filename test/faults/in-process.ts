import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCli } from '../../src/commands/program.ts';
import { errorLines } from '../../src/commands/terminal/error-lines.ts';
import { createPrinter } from '../../src/commands/terminal/printer.ts';
import { progressLines } from '../../src/progress.ts';
import { masked } from '../../src/secrets.ts';
import { printable } from '../../src/text.ts';
import { environmentIn, filesBelow, type Outcome, reportFlags, reportIn, type Seen } from './podreach.ts';
import { endProcesses } from './processes.ts';

/** Time for connections to close, and for the cluster's own timers. */
const PARTING_MS = 5000;

/** Pods of a simulated cluster are processes of this one. */
const OF_PODS: readonly string[] = ['ProcessWrap', 'PipeWrap'];

/** How many things of each kind keep this process alive. */
const holding = (): ReadonlyMap<string, number> => {
  const kinds = process.getActiveResourcesInfo().filter((kind) => !OF_PODS.includes(kind));
  return new Map([...Map.groupBy(kinds, (kind) => kind)].map(([kind, all]) => [kind, all.length]));
};

/** Waits for what was added to that, and returns what stays: a process of its own would not end. */
const stillHeld = async (before: ReadonlyMap<string, number>): Promise<readonly string[]> => {
  const added = () => [...holding()].filter(([kind, count]) => count > (before.get(kind) ?? 0)).map(([kind]) => kind);
  for (const endMs = Date.now() + PARTING_MS; added().length > 0 && Date.now() < endMs; ) await sleep(20);
  return added();
};

/** The same as src/cli.ts does, which alone touches the process. */
const runHere = async (args: readonly string[], write: (text: string) => void): Promise<number> => {
  const stdout = new PassThrough().on('data', (chunk: Buffer) => write(chunk.toString()));
  const printer = createPrinter(stdout);
  const complain = (text: string): void => write(masked(text));
  const progress = progressLines((line) => complain(`${printable(line)}\n`));
  const { signal } = new AbortController();
  const code = await runCli(args, { print: printer.print, complain, progress, colour: false, signal }).catch(
    (thrown) => {
      complain(`${errorLines(thrown).join('\n')}\n`);
      return 2;
    },
  );
  return (await printer.problem()) ? 2 : code;
};

type Environment = Readonly<Record<string, string | undefined>>;

const setEnvironment = (wanted: Environment): void => {
  for (const [name, value] of Object.entries(wanted))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
};

/** What this process has of these variables. */
const environmentNow = (names: readonly string[]): Environment =>
  Object.fromEntries(names.map((name) => [name, process.env[name]]));

/**
 * Runs podreach as `podreach` does, but in this process, and one after the other, because programs that it starts get the
 * environment of the process. For runs that no signal ends.
 */
export const runAlone = async (
  args: readonly string[],
  home: string,
  environment: Readonly<Record<string, string>>,
): Promise<Outcome> => {
  const marker = randomUUID();
  const wanted = { ...environmentIn(home), PODREACH_MARKER: marker, ...environment };
  const before = environmentNow(Object.keys(wanted));
  await mkdir(join(home, 'tmp'), { recursive: true });
  const startMs = performance.now();
  let text = '';
  setEnvironment(wanted);
  try {
    const exitCode = await runHere(args, (more) => {
      text += more;
    });
    const processes = endProcesses(`PODREACH_MARKER=${marker}`);
    const durationMs = performance.now() - startMs;
    return { exitCode, text, report: null, durationMs, processes, files: await filesBelow(home) };
  } finally {
    setEnvironment(before);
  }
};

export interface Inside {
  /**
   * Runs podreach as `podreach` does, but in this process, which saves the start of one; several may run at once. For runs
   * that no signal ends and that start no programs.
   */
  run(args: readonly string[], boundMs: number): Promise<Seen>;
  /** What all runs have left once they are over: files, and kinds of what keeps this process alive. */
  left(): Promise<{ readonly files: readonly string[]; readonly held: readonly string[] }>;
}

/** Gives the runs of a suite a home, a cache and a temporary folder of their own. */
export const inside = (): Inside => {
  let saved: Environment = {};
  let home = '';
  let heldBefore: ReadonlyMap<string, number> = new Map();
  let runs = 0;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'podreach-faults-'));
    await mkdir(join(home, 'tmp'));
    saved = environmentNow(Object.keys(environmentIn(home)));
    setEnvironment(environmentIn(home));
    heldBefore = holding();
  });
  after(async () => {
    setEnvironment(saved);
    await rm(home, { recursive: true, force: true });
  });
  return {
    run: async (args, boundMs) => {
      runs += 1;
      const output = join(home, `report-${runs}.json`);
      let text = '';
      const running = runHere([...args, ...reportFlags(args, output)], (more) => {
        text += more;
      });
      const exitCode = await Promise.race([running, sleep(boundMs, undefined, { ref: false })]);
      return { exitCode, text, report: await reportIn(output) };
    },
    left: async () => ({ files: await filesBelow(home), held: await stillHeld(heldBefore) }),
  };
};
