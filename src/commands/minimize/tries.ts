/** What became of each world that was tried, in a file that is always whole, so that a later run goes on from there. */
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { PodreachError } from '../../errors.ts';
import { contentKey } from '../../host/index.ts';
import type { Subject } from '../../minimize/index.ts';
import { plural, printable } from '../../text.ts';
import { writeProblem } from '../terminal/index.ts';

const seen = z.strictObject({
  decision: z.enum(['allow', 'deny', 'unknown']),
  verdict: z.enum(['allowed', 'dropped', 'rejected']),
  flaky: z.boolean(),
});

/** What the specification says of the cell, and what was seen. */
export type Seen = z.infer<typeof seen>;

const schema = z.strictObject({
  schema: z.literal('podreach/minimize-tries/v1'),
  of: z.string(),
  tries: z.record(z.string(), seen),
});

export interface Tries {
  /** How many there are from earlier runs. */
  readonly before: number;
  known(world: Subject): Seen | undefined;
  keep(world: Subject, what: Seen): Promise<void>;
}

const FILE = 'tries.json';
const DRAFT = `${FILE}.new`;

/** Where things came from does not matter. */
const keyOf = ({ cell, topology, policies }: Subject): string =>
  contentKey(JSON.stringify([cell, topology, policies.map(({ manifest }) => manifest)]));

/**
 * Opens the folder of a search, which is made if need be. Throws a PodreachError if it holds anything else, or the search
 * for something else.
 */
export const openTries = async (folder: string, first: Subject): Promise<Tries> => {
  const shown = printable(folder);
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new PodreachError(`${shown} can't be made: ${writeProblem(cause)}`, { cause });
  });
  const there = (await readdir(folder)).filter((name) => name !== DRAFT);
  const of = keyOf(first);
  const earlier = there.includes(FILE) ? read(await readFile(join(folder, FILE), 'utf8'), join(folder, FILE)) : null;
  const hint = 'name a new folder with --output';
  if (earlier === null && there.length > 0) throw new PodreachError(`${shown} is not empty`, { hint });
  if (earlier !== null && earlier.of !== of)
    throw new PodreachError(`${shown} holds the search of another cell, or of the scenario before it changed`, {
      hint,
    });
  const tries = new Map(Object.entries(earlier?.tries ?? {}));
  const save = async (): Promise<void> => {
    const text = JSON.stringify(
      { schema: 'podreach/minimize-tries/v1', of, tries: Object.fromEntries(tries) },
      null,
      1,
    );
    await writeFile(join(folder, DRAFT), `${text}\n`);
    await rename(join(folder, DRAFT), join(folder, FILE));
  };
  await save();
  return {
    before: tries.size,
    known: (world) => tries.get(keyOf(world)),
    keep: async (world, what) => {
      tries.set(keyOf(world), what);
      await save();
    },
  };
};

const read = (text: string, file: string): z.infer<typeof schema> => {
  const refuse = (): never => {
    throw new PodreachError(`${printable(file)} is not a file of tries`, { hint: 'name a new folder with --output' });
  };
  try {
    const found = schema.safeParse(JSON.parse(text));
    return found.success ? found.data : refuse();
  } catch {
    return refuse();
  }
};

/** For the progress. */
export const earlierText = ({ before }: Tries): string =>
  `going on after ${plural(before, 'try', 'tries')} of earlier runs`;
