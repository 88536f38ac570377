import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { endProcesses, untilEnded } from './processes.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Cell {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: string;
  readonly observed: string | null;
  readonly status: string;
  readonly detail: string;
}

export interface Report {
  readonly problem?: string;
  readonly scenarios: readonly {
    readonly name: string;
    readonly status: string;
    readonly steps: readonly { readonly status: string; readonly cells: readonly Cell[]; readonly problem?: string }[];
  }[];
}

/** What a user sees of a run of the command line. */
export interface Seen {
  /** Undefined where it did not end in time. */
  readonly exitCode: number | undefined;
  /** Standard output and standard error, as a user sees them. */
  readonly text: string;
  /** Null where the run ended before a report was written. */
  readonly report: Report | null;
}

/** What is left to see of a run of the command line when it is over. */
export interface Outcome extends Seen {
  readonly durationMs: number;
  /** Command lines of processes that it started and that outlive it. */
  readonly processes: readonly string[];
  /** Paths below its temporary folder and its cache. */
  readonly files: readonly string[];
}

export interface RunningOptions {
  /** Programs that stand in for those of this machine; in front of PATH. */
  readonly stubs?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Longest time that it may take; past it, it is killed, and the exit code is undefined. */
  readonly boundMs: number;
  /** Is given the process id as soon as there is one. */
  readonly onStart?: (pid: number) => void;
  /** A program of Node.js that runs instead of the command line, in a process group of its own. */
  readonly program?: string;
  /** How long what it started may go on after it. */
  readonly partingMs?: number;
  /** A command that starts it, in front of its own. */
  readonly through?: readonly string[];
  /** Where its cache, its home and its temporary files are; made and removed where it is not given. */
  readonly home?: string;
}

/** What runs left below their home, except reports. */
export const filesBelow = async (home: string): Promise<readonly string[]> =>
  (await readdir(home, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name).slice(home.length + 1))
    .filter((file) => !/^report.*\.json$/v.test(file));

export const reportFlags = ([command]: readonly string[], output: string): readonly string[] =>
  command === 'run' ? ['--reporter', 'terminal,json', '--output', output] : [];

export const reportIn = (output: string): Promise<Report | null> =>
  readFile(output, 'utf8').then(
    (json) => JSON.parse(json) as Report,
    () => null,
  );

/** A home, a cache and a temporary folder of its own. */
export const environmentIn = (home: string): Readonly<Record<string, string>> => ({
  NO_COLOR: '1',
  HOME: home,
  XDG_CACHE_HOME: join(home, 'cache'),
  TMPDIR: join(home, 'tmp'),
});

/** Compiled once for all runs, and no file that a run leaves. */
const COMPILED = join(tmpdir(), 'podreach-faults-compiled');

/** Runs podreach with a home, a cache and a temporary folder of its own, and looks at what it leaves. */
export const podreach = async (args: readonly string[], options: RunningOptions): Promise<Outcome> => {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'podreach-faults-')));
  const output = join(home, 'report.json');
  await mkdir(join(home, 'tmp'), { recursive: true });
  const marker = randomUUID();
  const [file, ...rest] = [
    ...(options.through ?? []),
    process.execPath,
    options.program ?? 'src/cli.ts',
    ...args,
    ...reportFlags(args, output),
  ];
  const running = execa(file as string, rest, {
    cwd: root,
    reject: false,
    all: true,
    stdin: 'ignore',
    timeout: options.boundMs,
    killSignal: 'SIGKILL',
    detached: options.program !== undefined,
    env: {
      ...environmentIn(home),
      PODREACH_MARKER: marker,
      NODE_COMPILE_CACHE: COMPILED,
      ...(options.stubs !== undefined && { PATH: `${options.stubs}:${process.env.PATH}` }),
      ...options.env,
    },
  });
  if (running.pid !== undefined) options.onStart?.(running.pid);
  const { exitCode, signal, all: text, durationMs, timedOut } = await running;
  // A second signal may meet a process that is ending and no longer listens; a shell gives it the same code.
  const code = signal === 'SIGINT' ? 130 : exitCode;
  const report = await reportIn(output);
  await untilEnded(`PODREACH_MARKER=${marker}`, options.partingMs ?? 0);
  const processes = endProcesses(`PODREACH_MARKER=${marker}`);
  const files = await filesBelow(home);
  if (options.home === undefined) await rm(home, { recursive: true, force: true });
  return { exitCode: timedOut ? undefined : code, text: String(text), report, durationMs, processes, files };
};
