import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PodreachError } from '../../../src/errors.ts';
import { loadScenarios, type Scenario } from '../../../src/scenario/index.ts';
import { shownPath } from '../../../src/scenario/problem.ts';

export type Files = Readonly<Record<string, string | Uint8Array>>;

export const writeFiles = async (folder: string, files: Files): Promise<void> => {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
};

/** Runs a test in a folder with these files, which is gone afterwards. */
export const withFiles = async <Result>(files: Files, use: (folder: string) => Promise<Result>): Promise<Result> => {
  const folder = await mkdtemp(join(tmpdir(), 'podreach-scenario-'));
  try {
    await writeFiles(folder, files);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Loads what the files hold; the paths are relative to their folder. */
export const load = (files: Files, ...paths: readonly string[]): Promise<Scenario[]> =>
  withFiles(files, (folder) => loadScenarios((paths.length > 0 ? paths : ['.']).map((path) => join(folder, path))));

export interface Refusal {
  readonly lines: readonly string[];
  readonly hint: string | undefined;
}

/** What the loader says about the files, a line each, paths relative to their folder. */
export const refusal = (files: Files, ...paths: readonly string[]): Promise<Refusal> =>
  withFiles(files, async (folder) => {
    try {
      await loadScenarios((paths.length > 0 ? paths : ['.']).map((path) => join(folder, path)));
    } catch (error) {
      if (!(error instanceof PodreachError)) throw error;
      const base = shownPath(folder);
      return { lines: error.message.replaceAll(`${base}/`, '').replaceAll(base, '.').split('\n'), hint: error.hint };
    }
    throw new Error('nothing was refused');
  });

export const policy = (name: string, namespace?: string): string =>
  `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`}}
spec: {podSelector: {}}
`;
