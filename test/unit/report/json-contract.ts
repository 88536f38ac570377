/** What podreach/run/v1 promises, written by hand, and the schema that is published. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { established, late, over, probe, recording, starts } from './timed-contract.ts';

const timings = z.record(z.string().regex(/^[a-z][A-Za-z0-9]*Ms$/), z.number().nonnegative());
const status = z.enum(['pass', 'fail', 'error', 'unjudged']);
const warning = z.strictObject({
  rule: z.string(),
  file: z.string(),
  line: z.int().min(1),
  column: z.int().min(1),
  message: z.string(),
  hint: z.string().optional(),
});

const TALLIED = ['allowed', 'dropped', 'rejected', 'error', 'unsupported', 'flaky'] as const;

const place = { file: z.string(), line: z.int().min(1), column: z.int().min(1), message: z.string() };
const note = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('not-read'),
    ...place,
    objects: z.array(z.strictObject({ kind: z.string(), count: z.int().min(1) })),
  }),
  z.strictObject({
    kind: z.literal('not-judged'),
    ...place,
    apiVersion: z.string(),
    objectKind: z.string(),
    name: z.string(),
    vendor: z.string().nullable(),
  }),
  z.strictObject({ kind: z.literal('left-out'), ...place, fields: z.array(z.string()) }),
  z.strictObject({ kind: z.literal('repeated'), ...place, name: z.string(), first: z.string() }),
  z.strictObject({ kind: z.literal('repeated-key'), ...place, key: z.string() }),
  z.strictObject({
    kind: z.literal('repeated-objects'),
    ...place,
    objects: z.array(z.strictObject({ kind: z.string(), count: z.int().min(1) })),
  }),
  z.strictObject({
    kind: z.literal('replaced'),
    ...place,
    objectKind: z.string(),
    name: z.string(),
    first: z.string(),
  }),
  z.strictObject({
    kind: z.literal('renamed'),
    ...place,
    objectKind: z.string(),
    name: z.string(),
    endpoint: z.string(),
  }),
  z.strictObject({
    kind: z.literal('not-tested'),
    ...place,
    objectKind: z.string(),
    name: z.string(),
    port: z.string().optional(),
    reason: z.string(),
  }),
]);

const position = z.int().nonnegative();
const deciders = z.strictObject({
  classes: z.array(z.array(z.string())),
  sides: z.array(
    z.strictObject({
      direction: z.enum(['egress', 'ingress']),
      decision: z.enum(['allow', 'deny', 'unknown']),
      policies: z.array(z.string()),
      rules: z.array(
        z.strictObject({
          policy: z.string(),
          number: z.int().min(1),
          file: z.string().optional(),
          line: z.int().min(1).optional(),
        }),
      ),
    }),
  ),
  cells: z.array(z.strictObject({ from: position, to: position, ...over, sides: z.array(position) })),
});

/** The contract once more, strictly: a key that nobody agreed on is found here. */
export const contract = z.strictObject({
  schema: z.literal('podreach/run/v1'),
  timings,
  predicted: z.literal(true).optional(),
  shard: z.strictObject({ index: z.int().min(1), count: z.int().min(1) }).optional(),
  scenarios: z.array(
    z.strictObject({
      name: z.string(),
      intent: z.string().optional(),
      tags: z.array(z.string()).optional(),
      file: z.string(),
      status,
      timings,
      warnings: z.array(warning),
      notes: z.array(note),
      policies: z
        .array(z.strictObject({ name: z.string(), file: z.string(), line: z.int().min(1), text: z.string() }))
        .optional(),
      steps: z.array(
        z.strictObject({
          name: z.string(),
          status,
          problem: z.string().optional(),
          hint: z.string().optional(),
          timings,
          evidence: z.string().optional(),
          sampled: z.strictObject({ pairs: z.int(), random: z.int(), all: z.int() }).optional(),
          agreement: z.strictObject({ matrices: z.int().min(2), agreed: z.boolean() }).optional(),
          late: late.optional(),
          explanations: z
            .array(
              z.strictObject({
                ...probe,
                lines: z.array(z.string()),
                changes: z.array(z.string()),
                places: z.array(z.strictObject({ file: z.string(), line: z.int().min(1) })),
              }),
            )
            .optional(),
          deciders: deciders.optional(),
          recording: recording.optional(),
          established: established.optional(),
          starts: starts.optional(),
          repeats: z.int().min(2).optional(),
          cells: z.array(
            z.strictObject({
              ...probe,
              status: z.enum([
                ...['match', 'mismatch', 'error', 'unsupported', 'flaky', 'unknown', 'open', 'self', 'unjudged'],
              ] as const),
              expected: z.enum(['allow', 'deny', 'drop', 'reject']).nullable(),
              observed: z.enum(['allowed', 'dropped', 'rejected', 'error', 'unsupported']).nullable(),
              model: z.enum(['allow', 'deny', 'unknown']).nullable(),
              flaky: z.boolean(),
              attempts: z.int().nonnegative(),
              tally: z.partialRecord(z.enum(TALLIED), z.int().min(1)).optional(),
              flakeRate: z.number().min(0).max(1).optional(),
              detail: z.string(),
              exempt: z.literal(true).optional(),
              backendsDiffer: z.literal(true).optional(),
              sticky: z.literal(true).optional(),
              lookupUnknown: z.literal(true).optional(),
              repeat: z.string().optional(),
            }),
          ),
        }),
      ),
    }),
  ),
});

export const published = z.fromJSONSchema(
  JSON.parse(readFileSync(new URL('../../../schema/run.json', import.meta.url), 'utf8')),
);
