/** The shape of followed connections in podreach/run/v1, as far as it is read again. */
import { z } from 'zod';

const ms = z.number().nonnegative();
const count = z.int().nonnegative();

const broken = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['not-open', 'tool']), why: z.string() }),
  z.object({ kind: z.enum(['server', 'unproven']) }),
]);

const connection = z.object({
  from: z.string(),
  to: z.string(),
  port: z.int().min(1).max(65535),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']),
  family: z.enum(['IPv4', 'IPv6']).exactOptional(),
  expected: z.enum(['flows', 'stops', 'stalls', 'resets']).nullable(),
  withinMs: ms.exactOptional(),
  isOlder: z.literal(true).exactOptional(),
  ...{ forMs: ms, pauseMs: ms, errorMs: ms, lost: count },
  turns: z.array(z.object({ atMs: z.number(), state: z.enum(['flows', 'silent', 'reset']) })),
  ticks: z.array(z.object({ atMs: z.number(), bytes: count, tookMs: ms.nullable() })),
  broken: broken.exactOptional(),
});

export const establishedShape = z.object({
  tickMs: ms,
  connections: z.array(connection),
  repeated: count.exactOptional(),
});
