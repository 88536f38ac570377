/** The shape of starts in podreach/run/v1, as far as they are read again. */
import { z } from 'zod';

const ms = z.number().nonnegative();
const count = z.int().nonnegative();

const cell = z.object({
  start: count,
  from: z.string(),
  to: z.string(),
  port: z.int().min(1).max(65535),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']),
  family: z.enum(['IPv4', 'IPv6']).exactOptional(),
  direction: z.enum(['egress', 'ingress']),
  window: z.enum(['open', 'closed']),
  peerNode: z.string(),
  windowMs: ms.nullable(),
  // Older reports have none.
  gapMs: ms.nullable().default(null),
  sinceMs: ms.nullable(),
  ...{ wrong: count, blindMs: ms, samples: count, lost: count, broken: count },
});

export const startsShape = z.object({
  ...{ atOnce: count, repeated: count, tickMs: ms, clockErrorMs: ms, deadlineMs: ms },
  openAtMostMs: ms.exactOptional(),
  closedAtMostMs: ms.exactOptional(),
  unwatched: count,
  starts: z.array(z.object({ pod: z.string(), node: z.string() })),
  cells: z.array(cell),
});
