import type { KubeObject } from './client.ts';

/** The fields of a pod that are read; shapes as in the Kubernetes API. */
export interface PodObject extends KubeObject {
  readonly spec?: { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip: string }[];
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly { readonly state?: ContainerState }[];
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly lastTransitionTime?: string | null;
  readonly reason?: string;
  readonly message?: string;
}

export interface ContainerState {
  readonly running?: object;
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly reason?: string; readonly message?: string; readonly exitCode?: number };
}

/** Reasons for a container's waiting that more time does not cure. */
export const HOPELESS: ReadonlySet<string> = new Set([
  'ErrImageNeverPull',
  'ImagePullBackOff',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

export const isReady = ({ metadata, status }: PodObject): boolean =>
  metadata.deletionTimestamp === undefined &&
  status?.podIP !== undefined &&
  (status.conditions ?? []).some(({ type, status: value }) => type === 'Ready' && value === 'True');

/** When its readiness last changed, in seconds; undefined if the pod does not say. */
export const readySince = ({ status }: PodObject): string | undefined =>
  status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? undefined;

/** Whether its server is running, ready or not. */
export const isRunning = (pod: PodObject): boolean =>
  pod.metadata.deletionTimestamp === undefined && stateOf(pod)?.running !== undefined;

/** One address of each family that it has. */
export const addressesIn = (pod: PodObject | undefined): readonly string[] =>
  pod?.status?.podIPs?.map(({ ip }) => ip) ?? (pod?.status?.podIP === undefined ? [] : [pod.status.podIP]);

/** Whether the pod has failed for good: its server died, or its image is unavailable. */
export const isHopeless = (pod: PodObject): boolean =>
  pod.status?.phase === 'Failed' ||
  pod.status?.phase === 'Succeeded' ||
  HOPELESS.has(stateOf(pod)?.waiting?.reason ?? '');

/** Why a pod is not ready, in the words of whatever holds it up: the scheduler, the kubelet or the container. */
export const describePod = (pod: PodObject): string => {
  const { waiting, terminated } = stateOf(pod) ?? {};
  const unscheduled = pod.status?.conditions?.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  const parts = terminated
    ? [
        'its servers ended',
        ...[terminated.reason, exitOf(terminated.exitCode), terminated.message],
        // An eviction is recorded on the pod, not on its container.
        ...[pod.status?.reason, pod.status?.message],
      ]
    : waiting
      ? [waiting.reason, waiting.message]
      : unscheduled
        ? [unscheduled.reason, unscheduled.message]
        : [pod.status?.phase ?? 'Pending', pod.status?.reason, pod.status?.message];
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
};

const stateOf = (pod: PodObject): ContainerState | undefined => pod.status?.containerStatuses?.[0]?.state;

const exitOf = (exitCode: number | undefined): string | undefined =>
  exitCode === undefined ? undefined : `exit code ${exitCode}`;
