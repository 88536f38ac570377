/** What podreach/run/v1 promises of what a step times, written by hand. */
import { z } from 'zod';

export const over = {
  port: z.int().min(1).max(65535),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']),
  family: z.enum(['IPv4', 'IPv6']).optional(),
};
export const probe = { from: z.string(), to: z.string(), ...over };

const ms = z.number().nonnegative();
const count = z.int().nonnegative();
export const starts = z.strictObject({
  starts: z.array(z.strictObject({ pod: z.string(), node: z.string() })),
  ...{ atOnce: count, repeated: count, tickMs: ms, clockErrorMs: ms, deadlineMs: ms, unwatched: count },
  openAtMostMs: ms.optional(),
  closedAtMostMs: ms.optional(),
  cells: z.array(
    z.strictObject({
      start: count,
      ...probe,
      direction: z.enum(['egress', 'ingress']),
      window: z.enum(['open', 'closed']),
      peerNode: z.string(),
      windowMs: ms.nullable(),
      gapMs: ms.nullable(),
      sinceMs: ms.nullable(),
      ...{ wrong: count, blindMs: ms, samples: count, lost: count, broken: count },
    }),
  ),
});
export const recording = z.strictObject({
  tickMs: ms,
  clockErrorMs: ms,
  requestsMs: ms,
  watchedMs: ms,
  deadlineMs: ms,
  withinMs: ms.optional(),
  unwatched: count,
  lateNodes: z.array(z.string()).optional(),
  cells: z.array(
    z.strictObject({
      ...probe,
      direction: z.enum(['opened', 'closed', 'steady']),
      fromNode: z.string(),
      toNode: z.string(),
      enforcedMs: ms.nullable(),
      gapMs: ms.nullable(),
      late: count,
      samples: count,
      lost: count,
      broken: count,
      turns: z.array(z.strictObject({ atMs: z.number(), open: z.boolean() })),
    }),
  ),
});

export const established = z.strictObject({
  tickMs: ms,
  repeated: count.optional(),
  connections: z.array(
    z.strictObject({
      ...probe,
      expected: z.enum(['flows', 'stops', 'stalls', 'resets']).nullable(),
      withinMs: ms.optional(),
      isOlder: z.literal(true).optional(),
      forMs: ms,
      turns: z.array(z.strictObject({ atMs: z.number(), state: z.enum(['flows', 'silent', 'reset']) })),
      lost: count,
      pauseMs: ms,
      errorMs: ms,
      ticks: z.array(z.strictObject({ atMs: z.number(), bytes: count, tookMs: ms.nullable() })),
      broken: z
        .strictObject({ kind: z.enum(['not-open', 'tool', 'server', 'unproven']), why: z.string().optional() })
        .optional(),
    }),
  ),
});

export const late = z.strictObject({
  deadlineMs: ms,
  cells: z.array(z.strictObject({ ...probe, direction: z.enum(['opened', 'closed']), afterMs: ms.nullable() })),
});
