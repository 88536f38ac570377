/** scenario.yaml as written. Checks that need several parts together (names, ports, grids) happen during expansion. */
import * as z from 'zod';
import { kindOf, quoted } from '../text.ts';
import {
  addresses,
  dnsLabel,
  family,
  hostAddresses,
  labels,
  line,
  mapping,
  port,
  portName,
  portNumber,
  prose,
  protocol,
  serviceName,
} from './field.ts';
import { LIMITS } from './limits.ts';
import { endsOfRule } from './written-ends.ts';

// deploy adds a suffix to a namespace's name, and Kubernetes allows 63 characters.
const longestNamespaceName = 50;
export const namespaceName = dnsLabel('namespace name', longestNamespaceName);

const badReplicas = ({ input }: { readonly input?: unknown }): string =>
  `invalid replicas ${quoted(input)}: 0 to ${LIMITS.replicas}`;

const pod = mapping({
  labels: labels.optional().describe('The labels that selectors see'),
  ports: z.array(port).optional().describe('The ports it serves; without any it is a source only'),
  address: addresses
    .optional()
    .describe(
      "The IP address to pin it to (Calico only), from the cluster's pod range; a list holds one of each family",
    ),
  hostNetwork: z.boolean().optional().describe('Shares the network of its node; its ports must then be 1024 or above'),
  readiness: portNumber
    .optional()
    .describe(
      'One of its TCP ports, which the kubelet probes every second; the pod must stay ready under the policies',
    ),
  replicas: z
    .int({ error: badReplicas })
    .min(0, { error: badReplicas })
    .max(LIMITS.replicas, { error: badReplicas })
    .optional()
    .describe('How many pods, named NAME-1, NAME-2 and so on; 0 leaves out a workload that `from` gives'),
});

const namespace = mapping({
  labels: labels.optional().describe('The labels that namespace selectors see'),
  pods: z.record(dnsLabel('pod name'), pod).optional().describe('Pods by name'),
});

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

const oneOrMore = <Item extends z.ZodType>(item: Item, what: string) =>
  z.union([item, z.array(item).min(1, { error: () => `expected at least one ${what}` })], {
    error: ({ input }) => `expected one ${what} or a list of them, got ${kindOf(input)}`,
  });

const filePattern = z.string().min(1, { error: () => 'expected a file pattern, got an empty one' });

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

const expect = z.union(
  [z.literal('model').describe('What the model predicts: to explore, never to test the model itself'), matrix],
  { error: ({ input }) => `expected rules, a grid or the word model, got ${kindOf(input)}` },
);

export const scenarioSchema = mapping({
  name: line('name').optional().describe("The scenario's name; by default NAME of NAME.scenario.yaml, or the folder's"),
  intent: prose('intent').optional().describe('What the policies are meant to do, in words'),
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
})
  .describe('A scenario of podreach: a topology, the policies under test, and what they should do')
  .meta({ anyOf: [{ required: ['namespaces'] }, { required: ['from'] }] });

export type WrittenScenario = z.infer<typeof scenarioSchema>;
export type WrittenServices = NonNullable<WrittenScenario['services']>;
export type WrittenExpect = NonNullable<WrittenScenario['expect']>;
export type WrittenMatrix = Exclude<WrittenExpect, 'model'>;
export type WrittenRule = NonNullable<WrittenMatrix['rules']>[number];

/** The JSON Schema of scenario.yaml, for editors; `node scripts/schema.ts` writes it to schema/scenario.json. */
export const scenarioJsonSchema = (): unknown => ({
  ...z.toJSONSchema(scenarioSchema, { target: 'draft-7', io: 'input' }),
  title: 'podreach scenario',
});
