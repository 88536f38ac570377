/**
 * What podreach reads of the objects that make a topology, as the API server checks it
 * (https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/). Other fields are not looked at. Go's decoder
 * takes null for a field that is not there.
 */
import * as z from 'zod';
import { parseAddress } from '../../model/index.ts';
import { kindOf, quoted } from '../../text.ts';
import { dnsLabel, labelKey, labelValue, portName, portNumber, protocol } from '../field.ts';
import { LIMITS } from '../limits.ts';
import { namespaceName } from '../pods-schema.ts';
import { SUBDOMAIN } from '../syntax.ts';

const subdomain = z.string().regex(SUBDOMAIN, {
  error: ({ input }) =>
    `invalid name ${quoted(input)}: up to 253 lower-case letters, digits, "-" and ".", a letter or digit at both ends`,
});

const serviceName = z.string().regex(/^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/, {
  error: ({ input }) =>
    `invalid name ${quoted(input)}: up to 63 lower-case letters, digits and "-", a letter first, no "-" last`,
});

const text = z.string().nullish();

const sizeOf = (input: unknown): number => Object.keys(Object(input)).length;

/** A list of so many items at most; a longer one is not looked at. */
const shortList = <Item extends z.ZodType>(item: Item, what: string) =>
  z
    .array(z.unknown())
    .max(LIMITS.ports, { abort: true, error: ({ input }) => `${sizeOf(input)} ${what}: at most ${LIMITS.ports}` })
    .pipe(z.array(item));

/** The empty text means the same as none. */
const orEmpty = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' || value === null ? undefined : value), schema.optional());

const labels = z
  .record(z.string(), z.unknown())
  .refine((written) => sizeOf(written) <= LIMITS.labels, {
    abort: true,
    error: ({ input }) => `${sizeOf(input)} labels: at most ${LIMITS.labels}`,
  })
  .pipe(z.record(labelKey, labelValue.nullable()))
  .nullish();

const owner = z.looseObject({ kind: text, name: text, controller: z.boolean().nullish() });

const metadata = (name: z.ZodType<string>) =>
  z
    .looseObject({
      name: orEmpty(name),
      generateName: text,
      namespace: orEmpty(namespaceName),
      labels,
      ownerReferences: shortList(owner, 'owners').nullish(),
    })
    .check(({ value, issues }) => {
      if (issues.length === 0 && !value.name && !value.generateName)
        issues.push({ code: 'custom', input: value, path: [], message: 'missing key "name"' });
    });

const containerPort = z.looseObject({
  containerPort: portNumber,
  name: orEmpty(portName),
  protocol: orEmpty(protocol),
});

const container = z.looseObject({ ports: shortList(containerPort, 'ports').nullish(), restartPolicy: text });

const podSpec = z.looseObject({
  containers: shortList(container, 'containers').nullish(),
  initContainers: shortList(container, 'containers').nullish(),
  hostNetwork: z.boolean().nullish(),
});

const template = z.looseObject({ metadata: z.looseObject({ labels }).nullish(), spec: podSpec });

const withTemplate = z.looseObject({
  metadata: metadata(subdomain),
  spec: z.looseObject({
    template,
    ordinals: z.looseObject({ start: z.int().min(0).nullish() }).nullish(),
  }),
});

const targetPort = z.union([z.literal(0), portNumber, portName], {
  error: ({ input }) => `expected a port's number or name, got ${kindOf(input)}`,
});

const servicePort = z.looseObject({
  name: orEmpty(dnsLabel('port name')),
  port: portNumber,
  protocol: orEmpty(protocol),
  targetPort: orEmpty(targetPort),
});

const ipAddress = z.string().refine((text) => parseAddress(text) !== null, {
  error: ({ input }) => `invalid address ${quoted(input)}: expected an IP address`,
});

const badSeconds = ({ input }: { readonly input?: unknown }): string =>
  `invalid timeoutSeconds ${quoted(input)}: 1 to 86400`;

const affinitySeconds = z.int({ error: badSeconds }).min(1, { error: badSeconds }).max(86_400, { error: badSeconds });

const policy = orEmpty(z.enum(['Cluster', 'Local']));

export const SHAPES = {
  Namespace: z.looseObject({ metadata: metadata(namespaceName) }),
  Pod: z.looseObject({
    metadata: metadata(subdomain),
    spec: podSpec,
    status: z.looseObject({ phase: text }).nullish(),
  }),
  Service: z.looseObject({
    metadata: metadata(serviceName),
    spec: z.looseObject({
      type: orEmpty(z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName'])),
      clusterIP: text,
      externalName: text,
      selector: labels,
      ports: shortList(servicePort, 'ports').nullish(),
      externalTrafficPolicy: policy,
      internalTrafficPolicy: policy,
      sessionAffinity: orEmpty(z.enum(['None', 'ClientIP'])),
      sessionAffinityConfig: z
        .looseObject({ clientIP: z.looseObject({ timeoutSeconds: affinitySeconds.nullish() }).nullish() })
        .nullish(),
      externalIPs: shortList(ipAddress, 'externalIPs').nullish(),
      loadBalancerSourceRanges: shortList(z.string(), 'ranges').nullish(),
      allocateLoadBalancerNodePorts: z.boolean().nullish(),
    }),
  }),
  Deployment: withTemplate,
  StatefulSet: withTemplate,
  DaemonSet: withTemplate,
  ReplicaSet: withTemplate,
  Job: withTemplate,
  CronJob: z.looseObject({
    metadata: metadata(subdomain),
    spec: z.looseObject({ jobTemplate: z.looseObject({ spec: z.looseObject({ template }) }) }),
  }),
} as const;

export type ShapeKind = keyof typeof SHAPES;
export type Metadata = z.infer<(typeof SHAPES)['Pod']>['metadata'];
export type Template = z.infer<typeof template>;
export type PodSpec = z.infer<typeof podSpec>;
export type ServiceObject = z.infer<(typeof SHAPES)['Service']>;
