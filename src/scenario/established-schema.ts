/** Connections that are open before a step changes the world, as written. */
import * as z from 'zod';
import { kindOf } from '../text.ts';
import { duration } from './duration-schema.ts';
import { mapping, portNumber } from './field.ts';

/** What may be expected of a connection that is open already. */
const FLOW_EXPECTATIONS = ['flows', 'stops', 'stalls', 'resets'] as const;

/** Each of them keeps a process in its source and one in its destination. */
const CONNECTIONS_AT_MOST = 20;

const connection = mapping({
  from: z.string().describe('Where it starts: dev/client, node:own, host:office'),
  to: z
    .string()
    .describe('Where it goes: prod/web, node:own, host:office, svc:prod/web, nodeport:prod/web, external:prod/web'),
  port: z
    .union([portNumber, z.string()], {
      error: ({ input }) => `expected a port (80, '53/UDP' or a port's name), got ${kindOf(input)}`,
    })
    .describe("80 (means TCP), '53/UDP' or a port's name"),
  expect: z
    .enum(FLOW_EXPECTATIONS)
    .optional()
    .describe(
      'What becomes of it. flows: it goes on, or comes back. stops: nothing comes back any more (stalls), or it is ended (resets). Only shown by default',
    ),
  within: duration.optional().describe('How soon after the change that has to be so: 2s'),
  for: duration.optional().describe('How long it is followed after the change; 2s by default'),
}).check(({ value, issues }) => {
  if (issues.length === 0 && value.within !== undefined && value.expect === undefined)
    issues.push({ code: 'custom', input: value, path: ['within'], message: 'within needs expect: within what?' });
});

export const established = z
  .array(connection)
  .min(1, { error: () => 'expected at least one connection' })
  .max(CONNECTIONS_AT_MOST, { error: () => `expected at most ${CONNECTIONS_AT_MOST} connections` });

export type WrittenConnection = z.infer<typeof connection>;
