/** Entries as lines of JSON. */
import { z } from 'zod';
import type { Entry } from './entry.ts';

/** Changes if a reader of the old lines would misread the new ones. */
const VERSION = 1;

const ms = z.number().nonnegative();
const times = z.object({ cells: z.int().min(1), minMs: ms, medianMs: ms, p95Ms: ms, maxMs: ms });
const port = z.int().min(1).max(65535);
const protocol = z.enum(['TCP', 'UDP', 'SCTP']);

const line = z
  .object({
    v: z.literal(VERSION),
    at: z.iso.datetime(),
    ...{ scenario: z.string(), file: z.string(), step: z.string() },
    status: z.enum(['pass', 'fail', 'error', 'unjudged']),
    to: z.array(
      z.union([z.tuple([z.string(), port, protocol]), z.tuple([z.string(), port, protocol, z.enum(['IPv4', 'IPv6'])])]),
    ),
    rows: z.array(z.tuple([z.string(), z.string().regex(/^[.XR?~ -]*$/)])),
    opened: times.exactOptional(),
    closed: times.exactOptional(),
  })
  .refine(({ to, rows }) => rows.every(([, marks]) => marks.length === to.length));

export const lineOf = (entry: Entry): string => `${JSON.stringify({ v: VERSION, ...entry })}\n`;

/** The entries of a file. A line that is none, or is cut, is left out and counted. */
export const readLines = (text: string): { readonly entries: readonly Entry[]; readonly unreadable: number } => {
  const lines = text.split('\n').filter((one) => one.trim() !== '');
  const entries = lines.flatMap((one) => entryIn(one) ?? []);
  return { entries, unreadable: lines.length - entries.length };
};

const entryIn = (text: string): Entry | undefined => {
  try {
    const { v: _, ...entry } = line.parse(JSON.parse(text));
    return entry;
  } catch {
    return undefined;
  }
};
