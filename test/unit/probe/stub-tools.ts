import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseBatch } from '../../../src/probe/batch.ts';
import { probeArgv, type Trial } from '../../../src/probe/script.ts';

export const NONCE = 'abc123def456';

export const has = (...command: readonly [string, ...string[]]): boolean =>
  spawnSync(command[0], command.slice(1), { stdio: 'ignore' }).error === undefined;

/** The shells of this machine that the script has to run in. */
export const SHELLS = ([['sh'], ['dash'], ['busybox', 'sh']] as const).filter(([command]) => has(command, '-c', ':'));

/** An empty folder for stubs, gone after the suite. */
export const ownFolder = (): { readonly path: string; write(tool: string, script: string): void } => {
  const folder = mkdtempSync(path.join(tmpdir(), 'podreach-stub-'));
  after(() => rmSync(folder, { recursive: true }));
  return {
    path: folder,
    write: (tool, script) => writeFileSync(path.join(folder, tool), `#!/bin/sh\n${script}`, { mode: 0o755 }),
  };
};

export interface Circumstances {
  readonly shell: readonly string[];
  /** Where its tools are found first. */
  readonly folder: string;
  readonly timeoutMs?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** What stands in for /etc/resolv.conf. */
  readonly resolvConf?: string;
}

/** What the script reports of these trials. Its own input stays open, as that of an exec may. */
export const runScript = async (trials: readonly Trial[], circumstances: Circumstances) => {
  const { shell, folder, timeoutMs = 1000, environment = {}, resolvConf } = circumstances;
  const [, ...argv] = probeArgv(NONCE, timeoutMs, trials).map((text) =>
    resolvConf === undefined ? text : text.replaceAll('/etc/resolv.conf', resolvConf),
  );
  const [command = 'sh', ...before] = shell;
  const env = { ...environment, PATH: `${folder}:${process.env.PATH}` };
  const child = spawn(command, [...before, ...argv], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  let stdout = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) stdout += chunk;
  child.stdin.destroy();
  return { stdout, ...parseBatch(stdout, NONCE, trials.length) };
};
