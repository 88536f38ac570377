/** Folders of evidence. What is written is masked, printable and bounded. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { masked } from '../secrets.ts';
import { printable } from '../text.ts';

const FILE_CHARACTERS = 1_000_000;
const SLUG_CHARACTERS = 60;

export const writeEvidence = async (folder: string, name: string, lines: readonly string[]): Promise<void> => {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  const text = masked(lines.length === 0 ? '# none' : lines.join('\n'));
  const whole = text.length > FILE_CHARACTERS ? `${text.slice(0, FILE_CHARACTERS)}\n(the rest was left out)` : text;
  await writeFile(path, `${whole.split('\n').map(printable).join('\n')}\n`);
};

/** Gives each name a folder's name, which every file system can hold; never the same one twice. */
export const createSlugs = (): ((name: string) => string) => {
  const taken = new Set<string>();
  return (name) => {
    const own = slugOf(name);
    let slug = own;
    for (let count = 2; taken.has(slug); count += 1) slug = `${own}-${count}`;
    taken.add(slug);
    return slug;
  };
};

const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_CHARACTERS)
    .replaceAll(/^-|-$/g, '') || 'unnamed';
