import * as z from 'zod';
import { mapping } from './field.ts';

const words = (what: string) => z.string().min(1, { error: () => `expected ${what}, got an empty text` });
const whole = (least: number, most: number, what: string) =>
  z.number().refine((value) => Number.isInteger(value) && value >= least && value <= most, {
    error: () => `expected ${what}`,
  });

/** podreach.yaml: what would otherwise be flags of every command. Paths are relative to the file. */
export const settingsSchema = mapping({
  scenarios: z
    .array(words('a path'))
    .min(1, { error: () => 'expected at least one path; without the key podreach looks for scenarios itself' })
    .optional()
    .describe(
      'Scenario files, scenario folders or folders of them; by default every scenario below the working folder',
    ),
  config: words('a path').optional().describe("The file with kind's configuration, like --config"),
  images: z.enum(['auto', 'registry', 'build']).optional().describe('Where the images come from, like --images'),
  mirror: words('HOST[/PREFIX]').optional().describe('A registry to use instead of the public ones, like --mirror'),
  registryCa: words('a path').optional().describe("The mirror's CA certificates in PEM, like --registry-ca"),
  nodeImage: words('an image').optional().describe("kind's node image, like --node-image"),
  calico: words('a version or a path').optional().describe('A release of Calico, or its manifest, like --calico'),
  probeImage: words('an image').optional().describe('The image of the probe pods, like --probe-image'),
  ipFamily: z
    .enum(['ipv4', 'ipv6', 'dual'])
    .optional()
    .describe("The IP families of podreach's cluster, like --ip-family"),
  reporters: z
    .array(words('a reporter'))
    .min(1, { error: () => 'expected at least one reporter' })
    .optional()
    .describe('Reports, each with a file where needed: terminal, json=run.json, ./mine.ts; like --reporter'),
  history: words('a path').optional().describe('Where each run is kept for `podreach history`, like --history'),
  timeout: whole(1200, 600_000, 'milliseconds from 1200 to 600000')
    .optional()
    .describe('How long a probe waits for an answer, in milliseconds, like --timeout'),
  workers: whole(1, 1000, 'a whole number from 1 to 1000')
    .optional()
    .describe('How many scenarios run at the same time, like --workers'),
  record: z.boolean().optional().describe('Measure how long each step takes to be enforced, like --record'),
  settleTimeout: whole(5000, 600_000, 'milliseconds from 5000 to 600000')
    .optional()
    .describe('How long a change may take to be enforced, in milliseconds, like --settle-timeout'),
  retries: whole(0, 100, 'a whole number from 0 to 100')
    .optional()
    .describe('How often a cell is probed again that broke or changed between attempts, like --retries'),
}).describe('Settings of podreach for a repository; a flag on the command line wins over them');

export type WrittenSettings = z.infer<typeof settingsSchema>;

/** The JSON Schema of podreach.yaml, for editors; `node scripts/schema.ts` writes it to schema/podreach.json. */
export const settingsJsonSchema = (): unknown => ({
  ...z.toJSONSchema(settingsSchema, { target: 'draft-7', io: 'input' }),
  title: 'podreach settings',
});
