/** What a search leaves. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PodreachError } from '../../errors.ts';
import type { Finding } from '../../minimize/index.ts';
import { findingText, minimizedReadme } from '../../report/minimize/index.ts';
import { masked } from '../../secrets.ts';
import { printable } from '../../text.ts';
import { writeProblem } from '../terminal/index.ts';
import { scenarioFiles } from './scenario-files.ts';

/** Throws a PodreachError if a folder holds anything. */
export const requireFree = async (folder: string): Promise<void> => {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new PodreachError(`--output ${printable(folder)} can't be used: ${writeProblem(error)}`);
  });
  if (found.length > 0)
    throw new PodreachError(`${printable(folder)} is not empty`, { hint: 'name a new folder with --output' });
};

/** Writes the scenario with its README, and returns the paths of what to look at. */
export const writeResult = async (finding: Finding, output: string): Promise<readonly string[]> => {
  const { subject, mismatch, after } = finding;
  // From an earlier run of the same search.
  await rm(join(output, 'policies'), { recursive: true, force: true });
  const files = new Map(scenarioFiles(subject, mismatch, `${findingText(mismatch, after)}.`));
  files.set('README.md', minimizedReadme(finding));
  for (const [name, text] of files) await write(join(output, name), text);
  return [join(output, 'scenario.yaml'), join(output, 'README.md')];
};

/** @param text Without secrets, if it is bytes. */
export const write = async (path: string, text: string | Buffer): Promise<void> => {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, typeof text === 'string' ? masked(text) : text);
  } catch (cause) {
    throw new PodreachError(`${printable(path)} can't be written: ${writeProblem(cause)}`, { cause });
  }
};
