import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseBatch } from '../../src/probe/batch.ts';
import { probeArgv, type Trial } from '../../src/probe/script.ts';
import { endProcesses } from '../faults/processes.ts';

export const NONCE = 'abc123def456';

export const has = (...command: readonly [string, ...string[]]): boolean =>
  spawnSync(command[0], command.slice(1), { stdio: 'ignore' }).error === undefined;

const fileOf = (program: string): string =>
  spawnSync('sh', ['-c', 'readlink -f "$(command -v "$1")"', 'sh', program]).stdout.toString();

/** The shells of this machine that the script has to run in, each once: `sh` is often one of the others. */
export const SHELLS = ([['sh'], ['dash'], ['busybox', 'sh']] as const).filter(
  ([program], index, all) =>
    has(program, '-c', ':') && !all.slice(0, index).some(([one]) => fileOf(one) === fileOf(program)),
);

/** Long enough to show that a tool is ended, and what it said before. */
export const SHORT_MS = 300;
/** Never reached: what ends by itself has all the time that a busy machine needs. */
export const LONG_MS = 10_000;

/** Runs the tool that it is given, as `busybox wget` does. */
const BUSYBOX = 'exec "$@"\n';

/** A folder for stubs, gone after the suite; at first only for a BusyBox whose wget is that of the folder. */
export const ownFolder = (): { readonly path: string; write(tool: string, script: string): void } => {
  const folder = mkdtempSync(path.join(tmpdir(), 'podreach-stub-'));
  after(() => rmSync(folder, { recursive: true }));
  const write = (tool: string, script: string): void =>
    writeFileSync(path.join(folder, tool), `#!/bin/sh\n${script}`, { mode: 0o755 });
  write('busybox', BUSYBOX);
  return { path: folder, write };
};

export interface Circumstances {
  readonly shell: readonly string[];
  /** Where its tools are found first; the machine's own when left out. */
  readonly folder?: string | undefined;
  readonly timeoutMs?: number | undefined;
  readonly environment?: Readonly<Record<string, string>>;
  /** What stands in for /etc/resolv.conf. */
  readonly resolvConf?: string;
  /** A kernel that does not list the children of a process, where `timeout` ends every tool. */
  readonly childless?: boolean | undefined;
}

/** What the script reports of these trials. Its own input stays open, as that of an exec may. */
export const runScript = async (trials: readonly Trial[], circumstances: Circumstances) => {
  const { shell, folder, timeoutMs = LONG_MS, environment = {}, resolvConf, childless = false } = circumstances;
  const [, ...argv] = probeArgv(NONCE, timeoutMs, trials).map((text) =>
    text
      .replaceAll('/etc/resolv.conf', resolvConf ?? '/etc/resolv.conf')
      .replaceAll('/children"', childless ? '/nothing"' : '/children"'),
  );
  const [command = 'sh', ...before] = shell;
  const PATH = folder === undefined ? process.env.PATH : `${folder}:${process.env.PATH}`;
  const marker = randomUUID();
  const env = { ...environment, PATH, PODREACH_MARKER: marker };
  // Not a stub of the same name.
  const program = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', command]).stdout.toString().trim();
  const child = spawn(program, [...before, ...argv], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  let stdout = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) stdout += chunk;
  child.stdin.destroy();
  await once(child, 'close');
  return { stdout, left: endProcesses(`PODREACH_MARKER=${marker}`), ...parseBatch(stdout, NONCE, trials.length) };
};
