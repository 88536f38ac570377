import { type ContainerState, HOPELESS } from '../kube/index.ts';
import { type ForeignObject, type ForeignPod, isRunning } from './existing-pod.ts';

/** A container that podreach adds to a pod. */
export interface EphemeralContainer {
  /** Of its own for each run: it can be neither removed nor used again. */
  readonly name: string;
  readonly image: string;
  /** It ends by itself after these, whatever becomes of podreach. */
  readonly lifetimeSeconds: number;
}

/** `nobody` by Debian's and by BusyBox's count. */
const UNPRIVILEGED_ID = 65534;
/**
 * The one file that a container with a read-only root can write; the kubelet shows its text when the container ended.
 */
const NOTES = '/dev/termination-log';

/**
 * Waits for its lifetime, or until it is told to end. It notes its process number, which is not always 1: in a pod that
 * shares its processes that is another's, not to be touched. Constant text, without the `$$` and `$(` that Kubernetes
 * would expand.
 */
const WAIT_SCRIPT = `
trap 'kill "$!"; wait "$!"; echo "podreach: done" >${NOTES}; exit 0' TERM INT
read -r pid rest </proc/self/stat
echo "$pid" >${NOTES}
sleep "$1" &
wait "$!"
echo "podreach: its time was over" >${NOTES}
`;

/** Tells the container to end, from within. */
export const END_ARGV: readonly string[] = ['sh', '-c', `read -r pid <${NOTES} && kill "$pid"`];

/**
 * The strategic merge patch of `pods/ephemeralcontainers` that adds the container. The uid makes it meant for this very
 * pod: the API server refuses it for another of the same name. Passes the `restricted` Pod Security Standard. It has no
 * target container, so it shares the pod's network but no container's processes.
 */
export const ephemeralPatch = (
  { uid }: Pick<ForeignPod, 'uid'>,
  { name, image, lifetimeSeconds }: EphemeralContainer,
): object => ({
  metadata: { uid },
  spec: {
    ephemeralContainers: [
      {
        name,
        image,
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', WAIT_SCRIPT, 'podreach', String(lifetimeSeconds)],
        terminationMessagePath: NOTES,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: UNPRIVILEGED_ID,
          runAsGroup: UNPRIVILEGED_ID,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
          seccompProfile: { type: 'RuntimeDefault' },
        },
      },
    ],
  },
});

/**
 * What became of the container. `absent`: the pod has none of this name. `failed`: it will not run, however long one
 * waits.
 */
export interface EphemeralState {
  readonly phase: 'absent' | 'waiting' | 'running' | 'failed' | 'ended';
  /** In the kubelet's words; empty where it runs. */
  readonly why: string;
}

/** The state of the container of this name in a pod, as a list of pods shows it. */
export const ephemeralState = (
  { uid }: Pick<ForeignPod, 'uid'>,
  pod: ForeignObject | undefined,
  name: string,
): EphemeralState => {
  if (!pod || pod.metadata.uid !== uid || !isRunning(pod)) return { phase: 'ended', why: 'the pod is gone' };
  const has = pod.spec?.ephemeralContainers?.some((one) => one.name === name);
  if (!has) return { phase: 'absent', why: 'the pod does not have it' };
  const status = pod.status?.ephemeralContainerStatuses?.find((one) => one.name === name);
  return stateOf(status?.state);
};

const stateOf = ({ running, waiting, terminated }: ContainerState = {}): EphemeralState => {
  if (running) return { phase: 'running', why: '' };
  if (terminated) return { phase: 'ended', why: textOf(terminated.reason, terminated.message) };
  const why = textOf(waiting?.reason, waiting?.message);
  return { phase: HOPELESS.has(waiting?.reason ?? '') ? 'failed' : 'waiting', why };
};

/** A kubelet tells the whole story of a failure, wrapped in itself. */
const LONGEST = 200;

const textOf = (...parts: readonly (string | undefined)[]): string => {
  const text = parts.filter((part) => part !== undefined && part !== '').join(', ') || 'nothing is told of it';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};
