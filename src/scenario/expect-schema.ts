/** What to expect as written: rules, a grid or the word model. */
import * as z from 'zod';
import { kindOf } from '../text.ts';
import { family, mapping, oneOrMore, portNumber } from './field.ts';
import { endsOfRule } from './written-ends.ts';

const portOrName = z.union([portNumber, z.string()], {
  error: ({ input }) => `expected a port (80, '53/UDP' or a port's name), got ${kindOf(input)}`,
});

const selector = mapping({
  from: endsOfRule
    .optional()
    .describe(
      'Sources: prod/web, prod/*, prod/web-*, */web, host:office, node:own, host:* or *, or pods by {namespace, labels}; all by default',
    ),
  to: endsOfRule
    .optional()
    .describe(
      'Destinations: as sources, and svc:prod/web, dns:prod/web, nodeport:prod/web, external:prod/web, svc:* …; all by default',
    ),
  port: oneOrMore(portOrName, 'port').optional().describe("80 (means TCP), '53/UDP' or a port's name; all by default"),
  family: family.optional().describe('IPv4 or IPv6, if the cluster has both; both by default'),
});

const rule = mapping({
  allow: selector.optional().describe('These probes get through'),
  deny: selector.optional().describe('These probes do not get through'),
  drop: selector.optional().describe('These probes get no answer'),
  reject: selector.optional().describe('These probes are refused, by a reset or an ICMP message'),
})
  .check(({ value, issues }) => {
    if (issues.length === 0 && Object.keys(value).length !== 1)
      issues.push({
        code: 'custom',
        input: value,
        path: [],
        message: 'expected one of allow, deny, drop and reject in a rule',
      });
  })
  .meta({ minProperties: 1, maxProperties: 1 });

export const matrix = mapping({
  default: z.enum(['allow', 'deny', 'drop', 'reject']).optional().describe('What applies if no rule matches'),
  rules: z.array(rule).optional().describe('The last rule that matches a probe decides'),
  grid: z
    .string()
    .optional()
    .describe(
      'The table that `podreach run -u` writes: . allow, X deny (D drop, R reject), # a pod to itself. Begin it with |2',
    ),
})
  .check(({ value, issues }) => {
    const { grid, ...rules } = value;
    const key = Object.keys(rules)[0];
    if (grid !== undefined && key !== undefined)
      issues.push({ code: 'custom', input: value, path: [key], message: `${key} and grid exclude each other` });
    if (issues.length === 0 && grid === undefined && rules.default === undefined)
      issues.push({
        code: 'custom',
        input: value,
        path: [],
        message: 'missing key "default": allow, deny, drop or reject',
      });
  })
  .meta({ oneOf: [{ required: ['default'] }, { required: ['grid'] }] });

/** The cells that a change may open or close. */
export const wantedChanges = mapping({
  rules: z.array(rule).describe('What is wanted of the cells that change: the last rule that matches a cell decides'),
});

export const expect = z
  .union([z.literal('model').describe('What the model predicts: to explore, never to test the model itself'), matrix], {
    error: ({ input }) => `expected rules, a grid or the word model, got ${kindOf(input)}`,
  })
  .meta({ id: 'expect' });

export type WrittenExpect = z.infer<typeof expect>;
export type WrittenMatrix = Exclude<WrittenExpect, 'model'>;
export type WrittenRule = NonNullable<WrittenMatrix['rules']>[number];
