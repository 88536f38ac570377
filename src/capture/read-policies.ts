import { PodreachError } from '../errors.ts';
import type { KubeObject } from '../kube/index.ts';
import { readPolicy } from '../model/index.ts';
import type { ReadPolicy } from '../scenario/index.ts';

/**
 * A policy as a manifest would have it: its name and what it says, without anything else that the cluster knows of it.
 * Throws a PodreachError if it says what podreach does not know, because the others alone would tell something else.
 */
export const readCapturedPolicy = ({ metadata, spec }: KubeObject): ReadPolicy => {
  const { name, namespace = 'default' } = metadata;
  const manifest = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace }, spec };
  const problems: string[] = [];
  const read = readPolicy(manifest, ({ message }) => problems.push(message));
  if (read) return { name, namespace, manifest, file: '', line: 1, spec: read };
  throw new PodreachError(`NetworkPolicy ${namespace}/${name} can't be captured: ${problems.join('; ')}`, {
    hint: 'a newer version of podreach may know what it says',
  });
};
