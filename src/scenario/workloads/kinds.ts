import type { ObjectKind } from '../objects.ts';

/** The kinds of which the topology is made, each with the API groups that have it or had it once. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Namespace: [''],
  Pod: [''],
  Service: [''],
  Deployment: ['apps', 'extensions'],
  StatefulSet: ['apps'],
  DaemonSet: ['apps', 'extensions'],
  ReplicaSet: ['apps', 'extensions'],
  Job: ['batch'],
  CronJob: ['batch'],
};

export type WorkloadKind = 'Pod' | 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet' | 'Job' | 'CronJob';

const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '');

/** Whether an object becomes a part of the topology. */
export const isTopologyKind = ({ apiVersion, kind }: ObjectKind): boolean =>
  Object.hasOwn(GROUPS, kind) && GROUPS[kind]?.includes(groupOf(apiVersion)) === true;

/** The only version in which an API server of today serves such an object. */
export const servedVersion = (kind: string): string => {
  const [group = ''] = GROUPS[kind] ?? [];
  return group === '' ? 'v1' : `${group}/v1`;
};
