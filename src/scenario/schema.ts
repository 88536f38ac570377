/** scenario.yaml as it is written. What only makes sense together (names, ports, grids) is checked when it is expanded. */
import * as z from 'zod';
import { kindOf } from '../wording.ts';
import { address, dnsLabel, hostAddress, labels, line, mapping, port, portNumber, prose } from './field.ts';

// deploy adds a suffix to the name of a namespace, and 63 characters are all that Kubernetes gives.
const longestNamespaceName = 50;
const namespaceName = dnsLabel('namespace name', longestNamespaceName);

const pod = mapping({
  labels: labels.optional().describe('The labels that selectors see'),
  ports: z.array(port).optional().describe('The ports it serves; without any it is a source only'),
  address: address.optional().describe("The IP address to pin it to (Calico only), out of the cluster's pod range"),
});

const namespace = mapping({
  labels: labels.optional().describe('The labels that namespace selectors see'),
  pods: z.record(dnsLabel('pod name'), pod).optional().describe('Pods by name'),
});

// Its container's name has a prefix and a suffix, and 63 characters are all that a host name has.
const longestHostName = 40;

const host = mapping({
  address: hostAddress.describe('Its IPv4 address, of your choice but none of the cluster'),
  ports: z.array(port).optional().describe('The ports it serves; without any it is a source only'),
});

const oneOrMore = <Item extends z.ZodType>(item: Item, what: string) =>
  z.union([item, z.array(item).min(1, { error: () => `expected at least one ${what}` })], {
    error: ({ input }) => `expected one ${what} or a list of them, got ${kindOf(input)}`,
  });

const endpoints = oneOrMore(z.string(), 'endpoint pattern');

const portOrName = z.union([portNumber, z.string()], {
  error: ({ input }) => `expected a port (80, '53/UDP' or a port's name), got ${kindOf(input)}`,
});

const selector = mapping({
  from: endpoints
    .optional()
    .describe('Sources: prod/web, prod/*, */web, host:office, host:* or *; all where not given'),
  to: endpoints
    .optional()
    .describe('Destinations: prod/web, prod/*, */web, host:office, host:* or *; all where not given'),
  port: oneOrMore(portOrName, 'port')
    .optional()
    .describe("80 (means TCP), '53/UDP' or a port's name; all if not given"),
});

const rule = mapping({
  allow: selector.optional().describe('These probes get through'),
  deny: selector.optional().describe('These probes do not get through'),
})
  .check(({ value, issues }) => {
    if (issues.length === 0 && Object.keys(value).length !== 1)
      issues.push({ code: 'custom', input: value, path: [], message: 'expected either allow or deny in a rule' });
  })
  .meta({ minProperties: 1, maxProperties: 1 });

const matrix = mapping({
  default: z.enum(['allow', 'deny']).optional().describe('What holds where no rule matches'),
  rules: z.array(rule).optional().describe('The last rule that matches a probe decides'),
  grid: z
    .string()
    .optional()
    .describe('The table that `podreach run -u` writes: . allow, X deny, # a pod to itself. Begin it with |2'),
})
  .check(({ value, issues }) => {
    const { grid, ...rules } = value;
    const key = Object.keys(rules)[0];
    if (grid !== undefined && key !== undefined)
      issues.push({ code: 'custom', input: value, path: [key], message: `${key} and grid exclude each other` });
    if (issues.length === 0 && grid === undefined && rules.default === undefined)
      issues.push({ code: 'custom', input: value, path: [], message: 'missing key "default": allow or deny' });
  })
  .meta({ oneOf: [{ required: ['default'] }, { required: ['grid'] }] });

const expect = z.union(
  [z.literal('model').describe('What the model predicts: to explore, never to test the model itself'), matrix],
  { error: ({ input }) => `expected rules, a grid or the word model, got ${kindOf(input)}` },
);

export const scenarioSchema = mapping({
  name: line('name').optional().describe("The scenario's name; the folder's where not given"),
  intent: prose('intent').optional().describe('What the policies are meant to do, in words'),
  namespaces: z.record(namespaceName, namespace).describe('Namespaces by name, with their pods'),
  hosts: z
    .record(dnsLabel('host name', longestHostName), host)
    .optional()
    .describe('Machines outside the cluster by name; their endpoints are host:name'),
  policies: z
    .array(z.string().min(1, { error: () => 'expected a file pattern, got an empty one' }))
    .optional()
    .describe('Files of NetworkPolicies, as patterns relative to scenario.yaml; policies/*.yaml where not given'),
  policyNamespace: namespaceName
    .optional()
    .describe('Where policies without a namespace land; default where not given, as kubectl would put them'),
  expect: expect.optional().describe('The expected matrix: rules, a grid or model'),
}).describe('A scenario of podreach: a topology, the policies under test, and what they should do');

export type WrittenScenario = z.infer<typeof scenarioSchema>;
export type WrittenNamespaces = WrittenScenario['namespaces'];
export type WrittenHosts = NonNullable<WrittenScenario['hosts']>;
export type WrittenExpect = NonNullable<WrittenScenario['expect']>;
export type WrittenMatrix = Exclude<WrittenExpect, 'model'>;
export type WrittenRule = NonNullable<WrittenMatrix['rules']>[number];

/** The JSON Schema of scenario.yaml, for editors; `node scripts/schema.ts` writes it to schema/scenario.json. */
export const scenarioJsonSchema = (): unknown => ({
  ...z.toJSONSchema(scenarioSchema, { target: 'draft-7', io: 'input' }),
  title: 'podreach scenario',
});
