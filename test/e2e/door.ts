import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, type ResultPromise } from 'execa';

/** The clone under test. */
const root = fileURLToPath(new URL('../..', import.meta.url));

const options = { cwd: root, reject: false, all: true, env: { NO_COLOR: '1' }, stdin: 'ignore' } as const;

/** Starts podreach as a user does, on the command line. */
export const start = (...args: string[]): ResultPromise<typeof options> =>
  execa(process.execPath, ['src/cli.ts', ...args], options);

/** Waits until a process has said something on standard error. */
export const said = (running: Pick<ReturnType<typeof start>, 'stderr'>, words: RegExp): Promise<void> =>
  new Promise((resolve, reject) => {
    let text = '';
    running.stderr.on('data', (chunk) => {
      text += String(chunk);
      if (words.test(text)) resolve();
    });
    running.stderr.on('end', () => reject(new Error(`it ended without saying ${words}:\n${text}`)));
  });

/** Runs podreach to its end. The tests' runs share the kept cluster that the first of them brings up. */
export const podreach = async (...args: string[]) => {
  const { exitCode, stdout, stderr, all } = await start(...args);
  return { exitCode, stdout, stderr, all };
};

let kubeconfig: Promise<string> | undefined;

/** The kubeconfig of the kept cluster, which the first that asks brings up: no test takes it down. */
export const keptKubeconfig = (): Promise<string> => {
  kubeconfig ??= podreach('cluster', 'up').then(({ stdout, all }) => {
    const [, file] = /--kubeconfig (\S+)/.exec(stdout) ?? [];
    if (file === undefined) throw new Error(`the cluster is not up:\n${all}`);
    return file;
  });
  return kubeconfig;
};

/** One cell as the JSON report prints it. */
export interface JsonCell {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: string;
  readonly family?: string;
  readonly expected: string | null;
  readonly observed: string | null;
  readonly model: string | null;
  readonly detail: string;
  readonly tally?: Readonly<Record<string, number>>;
}

export interface JsonReport {
  readonly scenarios: readonly {
    readonly name: string;
    readonly status: string;
    readonly timings: Readonly<Record<string, number>>;
    readonly steps: readonly {
      readonly name: string;
      readonly status: string;
      readonly cells: readonly JsonCell[];
      readonly problem?: string;
      readonly evidence?: string;
      readonly established?: {
        readonly connections: readonly {
          readonly port: number;
          readonly turns: readonly { readonly state: string }[];
          readonly broken?: { readonly kind: string };
        }[];
      };
      readonly recording?: {
        readonly cells: readonly { readonly direction: string; readonly enforcedMs: number | null }[];
      };
      readonly starts?: {
        readonly starts: readonly { readonly node: string }[];
        readonly cells: readonly {
          readonly window: string;
          readonly direction: string;
          readonly samples: number;
          readonly blindMs: number;
        }[];
      };
    }[];
  }[];
}

/** Runs scenarios with `--keep` and reads the JSON report; throws with all output where there is none. */
export const runJson = async (...args: string[]) => {
  const result = await podreach('run', '--keep', '--reporter', 'json', ...args);
  try {
    return { ...result, report: JSON.parse(result.stdout) as JsonReport };
  } catch {
    throw new Error(`no report came, exit code ${result.exitCode}:\n${result.all}`);
  }
};

export const cellsOf = (report: JsonReport): readonly JsonCell[] =>
  report.scenarios.flatMap(({ steps }) => steps.flatMap(({ cells }) => cells));

/** A copy of a scenario that a test may change; removed by `removeCopies`. */
export const copyScenario = async (name: string): Promise<string> => {
  const folder = await temporaryFolder();
  await cp(join(root, 'scenarios', name), join(folder, name), { recursive: true });
  return join(folder, name);
};

/**
 * Removed by `removeCopies`, too. The names sort in the order of creation: podreach runs scenarios sorted by path, and which
 * one comes first decides which one brings up the pods that the others share.
 */
export const temporaryFolder = async (): Promise<string> => {
  const place = String(created++).padStart(3, '0');
  const folder = await mkdtemp(join(tmpdir(), `podreach-e2e-${place}-`));
  copies.push(folder);
  return folder;
};

let created = 0;
const copies: string[] = [];

export const removeCopies = async (): Promise<void> => {
  for (const folder of copies.splice(0)) await rm(folder, { recursive: true });
};

/** Changes a file of a copy; throws when there was nothing to change, so that no test passes for want of its change. */
export const edit = async (file: string, change: (text: string) => string): Promise<void> => {
  const before = await readFile(file, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`the edit changes nothing in ${file}`);
  await writeFile(file, after);
};
