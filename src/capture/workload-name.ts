import type { ExistingObject } from '../attach/index.ts';

interface Owner {
  readonly kind?: string;
  readonly name?: string;
  readonly controller?: boolean;
}

/** The workload that a pod belongs to, by its name: a hash, a time or a node's name would say nothing, or too much. */
export const workloadName = ({ metadata, spec }: ExistingObject): string => {
  const {
    name,
    labels = {},
    ownerReferences = [],
  } = metadata as ExistingObject['metadata'] & {
    readonly ownerReferences?: readonly Owner[];
  };
  const owner = ownerReferences.find(({ controller }) => controller === true);
  const node = spec?.nodeName ?? '';
  if (owner?.kind === 'Node') return withoutEnd(name, `-${node}`);
  if (owner?.name === undefined) return node === '' ? name : name.replaceAll(node, 'node');
  if (owner.kind === 'ReplicaSet') return withoutEnd(owner.name, `-${labels['pod-template-hash']}`);
  // A CronJob adds the time in minutes to the names of its Jobs.
  return owner.kind === 'Job' ? owner.name.replace(/-\d{8,}$/, '') : owner.name;
};

const withoutEnd = (name: string, end: string): string => (name.endsWith(end) ? name.slice(0, -end.length) : name);
