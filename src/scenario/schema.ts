/** scenario.yaml as written. Checks that need several parts together (names, ports, grids) happen during expansion. */
import * as z from 'zod';
import { kindOf, quoted } from '../text.ts';
import { expect } from './expect-schema.ts';
import {
  dnsLabel,
  filePattern,
  hostAddresses,
  labels,
  line,
  mapping,
  oneOrMore,
  port,
  portName,
  portNumber,
  prose,
  protocol,
  serviceName,
} from './field.ts';
import { namespace, namespaceName } from './pods-schema.ts';
import { step } from './step-schema.ts';

// Its container's name has a prefix and a suffix, and a host name has at most 63 characters.
const longestHostName = 40;

const host = mapping({
  address: hostAddresses.describe('Its IP address, outside the ranges of the cluster; a list holds one of each family'),
  ports: z.array(port).optional().describe('The ports it serves; without any it is a source only'),
});

const node = mapping({
  with: z.string().optional().describe('The node that this pod runs on'),
  without: z.string().optional().describe('Another node than the one that this pod runs on'),
  ports: z.array(port).optional().describe('The ports it serves, 1024 or above; without any it is a source only'),
})
  .check(({ value, issues }) => {
    if (issues.length === 0 && (value.with === undefined) === (value.without === undefined))
      issues.push({
        code: 'custom',
        input: value,
        path: [],
        message: 'expected one of the keys with and without, and a pod',
      });
  })
  .meta({ oneOf: [{ required: ['with'] }, { required: ['without'] }] });

const targetPort = z.union([portNumber, portName], {
  error: ({ input }) => `expected a port's number or name, got ${kindOf(input)}`,
});

const servicePort = {
  port: portNumber,
  protocol: protocol.optional().describe('TCP by default'),
  targetPort: targetPort.optional().describe("The backends' port, or its name; the same as port by default"),
};

const service = mapping({
  selector: labels.optional().describe('The labels of its backends; those of the pod of the same name by default'),
  port: portNumber.optional().describe('The port that clients connect to'),
  protocol: servicePort.protocol,
  targetPort: servicePort.targetPort,
  ports: z
    .array(mapping({ name: portName.optional().describe('What rules may call the port'), ...servicePort }))
    .min(1, { error: () => 'expected at least one port' })
    .optional()
    .describe('Several ports, instead of port'),
  clusterIP: z.literal('None').optional().describe('Headless: no address of its own, probed by its name'),
  type: z
    .enum(['ClusterIP', 'NodePort', 'LoadBalancer'])
    .optional()
    .describe('NodePort: also reachable as nodeport:namespace/name; LoadBalancer: as external:namespace/name, too'),
  external: z
    .boolean()
    .optional()
    .describe('Whether it has externalIPs, and is also probed at one, as external:namespace/name'),
  externalTrafficPolicy: z
    .enum(['Cluster', 'Local'])
    .optional()
    .describe('For a NodePort or a LoadBalancer. Local: clients from outside keep their address'),
  sessionAffinity: z
    .enum(['None', 'ClientIP'])
    .optional()
    .describe('ClientIP: all connections of a client go to one backend, for 3 hours'),
  dns: z.boolean().optional().describe('Whether it is also probed by its name, as dns:namespace/name'),
})
  .check(({ value, issues }) => {
    if (issues.length === 0 && (value.port === undefined) === (value.ports === undefined))
      issues.push({ code: 'custom', input: value, path: [], message: 'expected either port or ports' });
  })
  .meta({ oneOf: [{ required: ['port'] }, { required: ['ports'] }] });

const mostTags = 20;

/** Without what separates tags on the command line or means something to a shell. */
const tag = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/, {
  error: ({ input }) =>
    `invalid tag ${quoted(input)}: up to 63 letters, digits, "-", "_" and ".", a letter or digit at both ends`,
});

export const scenarioSchema = mapping({
  name: line('name').optional().describe("The scenario's name; by default NAME of NAME.scenario.yaml, or the folder's"),
  intent: prose('intent').optional().describe('What the policies are meant to do, in words'),
  tags: z
    .array(tag)
    .min(1, { error: () => 'expected at least one tag' })
    .max(mostTags, { error: () => `expected at most ${mostTags} tags` })
    .optional()
    .describe('Words to select scenarios by, with --tag'),
  only: z
    .boolean()
    .optional()
    .describe('While you work on it: if true, no scenario without it runs; --forbid-only refuses it'),
  from: oneOrMore(filePattern, 'file pattern')
    .optional()
    .describe(
      'Manifests as they ship, as patterns relative to scenario.yaml: Namespaces, workloads and Services become the topology, NetworkPolicies the policies',
    ),
  namespaces: z
    .record(namespaceName, namespace)
    .optional()
    .describe('Namespaces by name, with their pods; added to what `from` gives'),
  hosts: z
    .record(dnsLabel('host name', longestHostName), host)
    .optional()
    .describe('Machines outside the cluster by name; their endpoints are host:name'),
  nodes: z
    .record(dnsLabel('node name', longestHostName), node)
    .optional()
    .describe('Nodes of the cluster by a name of your choice; their endpoints are node:name'),
  services: z
    .record(serviceName, service)
    .optional()
    .describe('Services by namespace/name; their endpoints are svc:namespace/name'),
  policies: z
    .array(filePattern)
    .optional()
    .describe(
      'Files of NetworkPolicies, as patterns relative to scenario.yaml; every .yaml, .yml and .json below policies/ by default',
    ),
  policyNamespace: namespaceName
    .optional()
    .describe('Where manifests without a namespace go; default if not given, as with kubectl'),
  expect: expect.optional().describe('The expected matrix: rules, a grid or model'),
  steps: z
    .array(step)
    .min(1, { error: () => 'expected at least one step' })
    .optional()
    .describe('What then changes, one step after the other; each has a matrix of its own'),
})
  .describe('A scenario of podreach: a topology, the policies under test, and what they should do')
  .meta({ anyOf: [{ required: ['namespaces'] }, { required: ['from'] }] });

export type WrittenScenario = z.infer<typeof scenarioSchema>;
export type WrittenServices = NonNullable<WrittenScenario['services']>;

/** The JSON Schema of scenario.yaml, for editors; `node scripts/schema.ts` writes it to schema/scenario.json. */
export const scenarioJsonSchema = (): unknown => ({
  ...z.toJSONSchema(scenarioSchema, { target: 'draft-7', io: 'input' }),
  title: 'podreach scenario',
});
