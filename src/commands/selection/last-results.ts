/** What became of each scenario of a project when it last ran, for --last-failed: a small file in the cache. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder } from '../../cache-folder.ts';
import type { ScenarioResult, Status } from '../../matrix/index.ts';
import type { Scenario } from '../../scenario/index.ts';
import { hiddenBeside } from '../../unfinished.ts';

/** A project may rename its scenarios for years; the latest results stay. */
const SCENARIOS_AT_MOST = 5_000;

interface LastResult {
  readonly name: string;
  readonly file: string;
  readonly status: Status;
}

interface LastResults {
  readonly version: 1;
  /** The working folder. */
  readonly folder: string;
  readonly scenarios: readonly LastResult[];
}

/** The scenarios that did not pass when they last ran in this folder; null if none ever ran. */
export const lastFailed = async (scenarios: readonly Scenario[]): Promise<readonly Scenario[] | null> => {
  const known = await readLast();
  if (!known) return null;
  const failed = new Set(known.scenarios.filter(({ status }) => status !== 'pass').map(keyOf));
  return scenarios.filter((scenario) => failed.has(keyOf(scenario)));
};

/** Keeps what became of the scenarios. A cache that can't be written is no reason to fail a run. */
export const keepResults = async (results: readonly ScenarioResult[]): Promise<void> => {
  if (results.length === 0) return;
  const before = (await readLast())?.scenarios ?? [];
  const now = new Map(results.map(({ name, file, status }) => [keyOf({ name, file }), { name, file, status }]));
  const others = before.filter((one) => !now.has(keyOf(one)));
  const scenarios = [...now.values(), ...others].slice(0, SCENARIOS_AT_MOST);
  const { folder, file } = await stateFile();
  try {
    await mkdir(dirname(file), { recursive: true });
    const fresh = await hiddenBeside(file);
    await writeFile(fresh, JSON.stringify({ version: 1, folder, scenarios } satisfies LastResults));
    await rename(fresh, file);
  } catch {
    // The next --last-failed does without.
  }
};

export const keyOf = ({ name, file }: Pick<LastResult, 'name' | 'file'>): string => JSON.stringify([file, name]);

const stateFile = async (): Promise<{ readonly folder: string; readonly file: string }> => {
  const folder = await realpath('.');
  const key = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return { folder, file: join(cacheFolder(), 'last-results', `${key}.json`) };
};

/** A file of another version, or one that somebody else wrote, counts as none. */
const readLast = async (): Promise<LastResults | null> => {
  const { file } = await stateFile();
  try {
    const { version, folder, scenarios } = JSON.parse(await readFile(file, 'utf8'));
    return version === 1 && Array.isArray(scenarios)
      ? { version, folder, scenarios: scenarios.filter(isResult) }
      : null;
  } catch {
    return null;
  }
};

const isResult = (value: unknown): value is LastResult => {
  const { name, file, status } = Object(value) as Partial<Record<keyof LastResult, unknown>>;
  return [name, file, status].every((one) => typeof one === 'string');
};
