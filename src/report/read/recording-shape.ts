/** The shape of a recording in podreach/run/v1, as far as it is read again. */
import { z } from 'zod';

const ms = z.number().nonnegative();
const count = z.int().nonnegative();

const cell = z.object({
  from: z.string(),
  to: z.string(),
  port: z.int().min(1).max(65535),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']),
  family: z.enum(['IPv4', 'IPv6']).exactOptional(),
  direction: z.enum(['opened', 'closed', 'steady']),
  fromNode: z.string(),
  toNode: z.string(),
  enforcedMs: ms.nullable(),
  gapMs: ms.nullable(),
  ...{ late: count, samples: count, lost: count, broken: count },
  turns: z.array(z.object({ atMs: z.number(), open: z.boolean() })),
});

export const recordingShape = z.object({
  ...{ tickMs: ms, clockErrorMs: ms, requestsMs: ms, watchedMs: ms, deadlineMs: ms },
  withinMs: ms.exactOptional(),
  unwatched: count,
  lateNodes: z.array(z.string()).exactOptional(),
  cells: z.array(cell),
});
