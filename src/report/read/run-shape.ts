/** The shape of podreach/run/v1, as far as it is read again. Keys that nobody here knows are left out. */
import { z } from 'zod';
import { establishedShape } from './established-shape.ts';
import { recordingShape } from './recording-shape.ts';
import { startsShape } from './starts-shape.ts';

const timings = z.record(z.templateLiteral([z.string(), 'Ms']), z.number().nonnegative());
const status = z.enum(['pass', 'fail', 'error', 'unjudged']);
const lineOrColumn = z.int().min(1);
const place = { file: z.string(), line: lineOrColumn, column: lineOrColumn };
const objects = z.array(z.object({ kind: z.string(), count: z.int().min(1) }));
const named = { objectKind: z.string(), name: z.string() };

const note = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['not-read', 'repeated-objects']), ...place, objects }),
  z.object({
    ...{ kind: z.literal('not-judged'), ...place, ...named },
    ...{ apiVersion: z.string(), vendor: z.string().nullable() },
  }),
  z.object({ kind: z.literal('left-out'), ...place, fields: z.array(z.string()) }),
  z.object({ kind: z.literal('repeated'), ...place, name: z.string(), first: z.string() }),
  z.object({ kind: z.literal('repeated-key'), ...place, key: z.string() }),
  z.object({ kind: z.literal('replaced'), ...place, ...named, first: z.string() }),
  z.object({ kind: z.literal('renamed'), ...place, ...named, endpoint: z.string() }),
  z.object({
    ...{ kind: z.literal('not-tested'), ...place, ...named, port: z.string().exactOptional() },
    reason: z.enum([
      ...(['external-name', 'no-such-service', 'no-selector', 'no-pod', 'no-port', 'no-such-target'] as const),
      ...(['privileged', 'headless', 'unnamed-port', 'external-address', 'source-ranges', 'stays-on-node'] as const),
    ]),
  }),
]);

const warning = z.object({ rule: z.string(), ...place, message: z.string(), hint: z.string().exactOptional() });

const flag = z.literal(true).exactOptional();

const over = {
  port: z.int().min(1).max(65535),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']),
  family: z.enum(['IPv4', 'IPv6']).exactOptional(),
};

const VERDICTS = ['allowed', 'dropped', 'rejected', 'error', 'unsupported'] as const;

const cell = z.object({
  from: z.string(),
  to: z.string(),
  ...over,
  status: z.enum(['match', 'mismatch', 'error', 'unsupported', 'flaky', 'unknown', 'open', 'self', 'unjudged']),
  expected: z.enum(['allow', 'deny', 'drop', 'reject']).nullable(),
  observed: z.enum(VERDICTS).nullable(),
  model: z.enum(['allow', 'deny', 'unknown']).nullable(),
  exempt: flag,
  backendsDiffer: flag,
  sticky: flag,
  lookupUnknown: flag,
  flaky: z.boolean(),
  attempts: z.int().nonnegative(),
  tally: z.partialRecord(z.enum([...VERDICTS, 'flaky']), z.int().min(1)).exactOptional(),
  detail: z.string(),
  repeat: z.string().exactOptional(),
});

const explanation = z.object({
  ...{ from: z.string(), to: z.string(), ...over },
  ...{ lines: z.array(z.string()), changes: z.array(z.string()) },
  places: z.array(z.object({ file: z.string(), line: lineOrColumn })),
});

const rule = z.object({
  policy: z.string(),
  number: z.int().min(1),
  file: z.string().exactOptional(),
  line: lineOrColumn.exactOptional(),
});

const position = z.int().nonnegative();

const deciders = z.object({
  classes: z.array(z.array(z.string())),
  sides: z.array(
    z.object({
      direction: z.enum(['egress', 'ingress']),
      decision: z.enum(['allow', 'deny', 'unknown']),
      policies: z.array(z.string()),
      rules: z.array(rule),
    }),
  ),
  cells: z.array(z.object({ from: position, to: position, ...over, sides: z.array(position) })),
});

const late = z.object({
  deadlineMs: z.number().nonnegative(),
  cells: z.array(
    z.object({
      ...{ from: z.string(), to: z.string(), ...over },
      direction: z.enum(['opened', 'closed']),
      afterMs: z.number().nonnegative().nullable(),
    }),
  ),
});

const step = z.object({
  name: z.string(),
  status,
  problem: z.string().exactOptional(),
  hint: z.string().exactOptional(),
  timings,
  agreement: z.object({ matrices: z.int().min(2), agreed: z.boolean() }).exactOptional(),
  sampled: z.object({ pairs: z.int(), random: z.int(), all: z.int() }).exactOptional(),
  repeats: z.int().min(2).exactOptional(),
  late: late.exactOptional(),
  explanations: z.array(explanation).exactOptional(),
  deciders: deciders.exactOptional(),
  recording: recordingShape.exactOptional(),
  established: establishedShape.exactOptional(),
  starts: startsShape.exactOptional(),
  evidence: z.string().exactOptional(),
  cells: z.array(cell),
});

const scenario = z.object({
  name: z.string(),
  intent: z.string().exactOptional(),
  tags: z.array(z.string()).exactOptional(),
  file: z.string(),
  status,
  timings,
  warnings: z.array(warning).default([]),
  notes: z.array(note).default([]),
  policies: z
    .array(z.object({ name: z.string(), file: z.string(), line: lineOrColumn, text: z.string() }))
    .exactOptional(),
  steps: z.array(step),
});

export const runShape = z.object({
  problem: z.string().exactOptional(),
  hint: z.string().exactOptional(),
  predicted: flag,
  shard: z.object({ index: z.int().min(1), count: z.int().min(1) }).exactOptional(),
  timings,
  scenarios: z.array(scenario),
});

export type CellShape = z.infer<typeof cell>;
export type StepShape = z.infer<typeof step>;
