import type { KubeObject, Manifest } from '../../kube/index.ts';
import type { Policy } from '../../scenario/index.ts';
import { differingPath } from './readback.ts';

/** A policy as the API server prints it. */
export interface PolicyObject extends KubeObject {
  readonly metadata: KubeObject['metadata'] & {
    /** Counts changes of the spec, and the request to delete the object. */
    readonly generation?: number;
    readonly finalizers?: readonly string[];
  };
}

/** A policy in force: what was sent, and what the API server made of it. */
export interface AppliedPolicy {
  readonly policy: Pick<Policy, 'file' | 'line' | 'name' | 'namespace'>;
  readonly manifest: Manifest;
  readonly object: PolicyObject;
}

/**
 * How the policies of one namespace differ from those applied there, one phrase per difference. A policy that was
 * replaced, or changed and changed back, counts too: something else was in force for a while.
 * @param namespace The scenario's name for it.
 */
export const policyChanges = (
  namespace: string,
  applied: readonly AppliedPolicy[],
  found: readonly PolicyObject[],
): readonly string[] => {
  const byName = new Map(found.map((object) => [object.metadata.name, object]));
  const known = new Set(applied.map(({ policy }) => policy.name));
  const changed = applied.flatMap((one) => {
    const change = changeOf(one, byName.get(one.policy.name));
    return change === null ? [] : [`policy ${namespace}/${one.policy.name} (${placeOf(one)}) ${change}`];
  });
  const added = found
    .filter(({ metadata }) => !known.has(metadata.name))
    .map(({ metadata }) => `policy ${namespace}/${metadata.name}, which the scenario does not have, appeared`);
  return [...changed, ...added];
};

const changeOf = ({ manifest, object: { metadata: was } }: AppliedPolicy, now: PolicyObject | undefined) => {
  if (!now) return 'is gone';
  if (now.metadata.uid !== was.uid) return 'was deleted and created again';
  if (now.metadata.deletionTimestamp !== undefined) return 'is being deleted';
  const path = differingPath(manifest.spec, now.spec);
  if (path !== null) return `has a different ${path}`;
  return now.metadata.generation === was.generation ? null : 'was changed and changed back';
};

const placeOf = ({ policy }: AppliedPolicy): string => `${policy.file}:${policy.line}`;
