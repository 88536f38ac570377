/** Namespaces and pods as written. */
import * as z from 'zod';
import { quoted } from '../text.ts';
import { addresses, dnsLabel, labels, mapping, port, portNumber } from './field.ts';
import { LIMITS } from './limits.ts';
import { LONGEST_NAMESPACE } from './syntax.ts';

export const namespaceName = dnsLabel('namespace name', LONGEST_NAMESPACE);

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

/** A namespace with its pods. */
export const namespace = mapping({
  labels: labels.optional().describe('The labels that namespace selectors see'),
  pods: z.record(dnsLabel('pod name'), pod).optional().describe('Pods by name'),
}).meta({ id: 'namespace' });
