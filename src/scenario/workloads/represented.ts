import type { Metadata } from './shapes.ts';
import { labelsIn, type Workload } from './workload.ts';

const keyOf = (kind: string, namespace: string, name: string): string => `${kind}/${namespace}/${name}`;

/**
 * The workloads that no other one stands for. An export from a cluster has the Deployment, its ReplicaSets and their
 * pods, and all of them are the same pods. Pods that have run to their end are left out too.
 */
export const withoutRepresented = (workloads: readonly Workload[]): readonly Workload[] => {
  const running = workloads.filter((workload) => !isOver(workload));
  const owners = new Map(running.map((workload) => [workload, ownersOf(workload)]));
  // Manifests that nobody exported name no owners.
  if ([...owners.values()].every(({ length }) => length === 0)) return running;
  const given = new Set(workloads.map(({ kind, namespace, name }) => keyOf(kind, namespace, name)));
  return running.filter((workload) => !owners.get(workload)?.some((key) => given.has(key)));
};

const isOver = ({ kind, document }: Workload): boolean =>
  kind === 'Pod' && ['Succeeded', 'Failed'].includes(Object(Object(document.value).status).phase);

/** Its controller and, for a pod of a Deployment's ReplicaSet, which is named after it, the Deployment. */
const ownersOf = ({ namespace, document }: Workload): readonly string[] => {
  const { ownerReferences, labels } = (document.value as { readonly metadata: Metadata }).metadata;
  if (!ownerReferences) return [];
  const hash = labelsIn(labels)['pod-template-hash'];
  return ownerReferences.flatMap(({ kind, name, controller }) => {
    if (controller !== true || !kind || !name) return [];
    const isHashed = kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`);
    return [
      keyOf(kind, namespace, name),
      ...(isHashed ? [keyOf('Deployment', namespace, name.slice(0, -hash.length - 1))] : []),
    ];
  });
};
