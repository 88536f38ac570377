/**
 * Objects of the cluster, reduced to fields that hold no secret: never an annotation, an environment variable, a command
 * or a volume.
 */
import type { KubeObject } from '../kube/index.ts';

/** Which fields are kept: all below (`true`), some, or those of each item of a list. */
type Kept = true | { readonly [field: string]: Kept } | readonly [Kept];

const METADATA: Kept = {
  ...{ name: true, namespace: true, uid: true, generation: true, labels: true },
  ...{ creationTimestamp: true, deletionTimestamp: true, deletionGracePeriodSeconds: true, finalizers: true },
};
const CONDITIONS: Kept = [{ type: true, status: true, reason: true, message: true, lastTransitionTime: true }];
const STATE: Kept = {
  running: { startedAt: true },
  waiting: { reason: true, message: true },
  terminated: { exitCode: true, signal: true, reason: true, startedAt: true, finishedAt: true },
};

export const POLICY: Kept = { metadata: METADATA, spec: true };

export const NAMESPACE: Kept = { metadata: METADATA, status: { phase: true, conditions: CONDITIONS } };

export const POD: Kept = {
  metadata: METADATA,
  spec: {
    ...{ nodeName: true, hostNetwork: true, nodeSelector: true, restartPolicy: true },
    containers: [{ name: true, image: true, ports: true, resources: true }],
  },
  status: {
    ...{ phase: true, reason: true, message: true, podIP: true, podIPs: true, hostIP: true, startTime: true },
    conditions: CONDITIONS,
    containerStatuses: [
      { name: true, ready: true, restartCount: true, image: true, imageID: true, state: STATE, lastState: STATE },
    ],
  },
};

export const NODE: Kept = {
  metadata: METADATA,
  spec: { podCIDR: true, podCIDRs: true, unschedulable: true, taints: true },
  status: { addresses: true, conditions: CONDITIONS, nodeInfo: true, allocatable: true },
};

/** The same without what is not kept; a list or an object of which nothing is kept is left out. */
export const keptOf = (object: KubeObject, kept: Kept): unknown => reduced(object, kept);

const reduced = (value: unknown, kept: Kept): unknown => {
  if (kept === true || value === undefined || value === null) return value;
  if (isList(kept)) return Array.isArray(value) ? value.map((item) => reduced(item, kept[0])) : undefined;
  if (typeof value !== 'object') return undefined;
  const entries = Object.entries(kept).map(([field, inner]) => [
    field,
    reduced((value as Record<string, unknown>)[field], inner),
  ]);
  const known = entries.filter(([, inner]) => inner !== undefined);
  return known.length === 0 ? undefined : Object.fromEntries(known);
};

const isList = (kept: Kept): kept is readonly [Kept] => Array.isArray(kept);

interface EventObject extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly involvedObject?: { readonly kind?: string; readonly namespace?: string; readonly name?: string };
}

/** One line each, the latest last. */
export const eventLines = (events: readonly KubeObject[]): readonly string[] =>
  (events as readonly EventObject[])
    .map((event) => {
      const { involvedObject: of, type, reason, message, count = 1 } = event;
      const at = event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? '';
      const times = count > 1 ? ` (${count} times)` : '';
      return `${at}  ${type}  ${of?.kind} ${of?.namespace}/${of?.name}  ${reason}: ${oneLine(message)}${times}`;
    })
    .toSorted();

const oneLine = (text = ''): string => text.trim().replaceAll('\n', ' ');
