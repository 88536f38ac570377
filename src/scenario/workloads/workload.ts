import type { SourceDocument } from '../document.ts';
import type { Port } from '../scenario.ts';
import type { WorkloadKind } from './kinds.ts';
import type { PodSpec, Template } from './shapes.ts';

/** What runs pods: one of them stands for all, because policies see no difference between them. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  /** The labels of its pods. */
  readonly labels: Readonly<Record<string, string>>;
  /** What its containers declare, each port once. */
  readonly ports: readonly Port[];
  readonly hostNetwork: boolean;
  /** The number of a StatefulSet's first pod, which Kubernetes puts into its labels. */
  readonly firstOrdinal?: number;
  readonly document: SourceDocument;
}

type Labels = Readonly<Record<string, string | null>> | null | undefined;

/** Go's decoder takes null for the empty text. */
export const labelsIn = (written: Labels): Record<string, string> => {
  const labels: Record<string, string> = {};
  for (const key of Object.keys(written ?? {})) labels[key] = written?.[key] ?? '';
  return labels;
};

/**
 * The ports that the containers declare, native sidecars included: init containers that restart always, and so run as
 * long as the pod. Of two ports with one number and protocol, or with one name, the first counts.
 */
const portsIn = ({ containers, initContainers }: PodSpec): readonly Port[] => {
  const sidecars = (initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const ports = new Map<string, Port>();
  const names = new Set<string>();
  for (const { ports: declared } of [...(containers ?? []), ...sidecars])
    for (const { containerPort: number, protocol: written, name: given } of declared ?? []) {
      const protocol = written || 'TCP';
      const key = `${number}/${protocol}`;
      const known = ports.get(key);
      const name = given && !names.has(given) ? given : undefined;
      if (known && (known.name !== undefined || name === undefined)) continue;
      if (name !== undefined) names.add(name);
      ports.set(key, { number, protocol, ...(name !== undefined && { name }) });
    }
  return [...ports.values()];
};

/**
 * The labels that a controller adds to its pods, as far as they are known beforehand
 * (https://kubernetes.io/docs/reference/labels-annotations-taints/): policies and Services may select by them.
 */
const controllerLabels = (kind: WorkloadKind, name: string, ordinal: number): Readonly<Record<string, string>> => {
  if (kind === 'Job') return { 'batch.kubernetes.io/job-name': name, 'job-name': name };
  return kind === 'StatefulSet' ? ordinalLabels(name, ordinal) : {};
};

export const ordinalLabels = (name: string, ordinal: number): Readonly<Record<string, string>> => ({
  'apps.kubernetes.io/pod-index': `${ordinal}`,
  'statefulset.kubernetes.io/pod-name': `${name}-${ordinal}`,
});

const podOf = (kind: WorkloadKind, value: unknown): Template => {
  const { metadata, spec } = Object(value);
  if (kind === 'Pod') return { metadata, spec };
  return kind === 'CronJob' ? spec.jobTemplate.spec.template : spec.template;
};

/** Finds the ports of specs; equal lists are one object, because most pods of a cluster are like many others. */
export const sharePorts = (): ((spec: PodSpec) => readonly Port[]) => {
  const ofSpecs = new WeakMap<PodSpec, readonly Port[]>();
  const known = new Map<string, readonly Port[]>();
  const find = (spec: PodSpec): readonly Port[] => {
    const ports = portsIn(spec);
    let key = '';
    for (const { number, protocol, name } of ports) key += `${number}/${protocol} ${name ?? ''},`;
    const found = known.get(key) ?? ports;
    known.set(key, found);
    return found;
  };
  return (spec) => {
    const ports = ofSpecs.get(spec) ?? find(spec);
    ofSpecs.set(spec, ports);
    return ports;
  };
};

/** A workload whose document has the shape of its kind. */
export const workloadOf = (
  kind: WorkloadKind,
  names: { readonly namespace: string; readonly name: string },
  document: SourceDocument,
  shared: ReturnType<typeof sharePorts>,
): Workload => {
  const { metadata, spec } = podOf(kind, document.value);
  const firstOrdinal: number = Object(Object(document.value).spec).ordinals?.start ?? 0;
  return {
    kind,
    ...names,
    labels: Object.assign(labelsIn(metadata?.labels), controllerLabels(kind, names.name, firstOrdinal)),
    ports: shared(spec),
    hostNetwork: spec.hostNetwork === true,
    ...(kind === 'StatefulSet' && { firstOrdinal }),
    document,
  };
};
