import { type ContainerState, HOPELESS } from '../kube/index.ts';
import { type ExistingObject, type ExistingPod, isRunning } from './existing-pod.ts';

/** A container that podreach adds to a pod. */
export interface EphemeralContainer {
  /** Unique to each run, because a container can be neither removed nor reused. */
  readonly name: string;
  readonly image: string;
  /** It ends by itself after this time, whatever happens to podreach. */
  readonly lifetimeSeconds: number;
}

/** `nobody` in Debian and in BusyBox. */
const UNPRIVILEGED_ID = 65534;
/**
 * The only writable file in a container with a read-only root; the kubelet shows its text after the container ended.
 */
const NOTES = '/dev/termination-log';

/**
 * Waits for its lifetime, or until it is told to end. It notes its process number, because that is not always 1: in a
 * pod that shares its processes, process 1 is another's and must not be touched. Constant text, without the `$$` and
 * `$(` that Kubernetes would expand.
 */
const WAIT_SCRIPT = `
trap 'kill "$!"; wait "$!"; echo "podreach: done" >${NOTES}; exit 0' TERM INT
read -r pid rest </proc/self/stat
echo "$pid" >${NOTES}
sleep "$1" &
wait "$!"
echo "podreach: its time is up" >${NOTES}
`;

/** Makes the container end, from within. */
export const END_ARGV: readonly string[] = ['sh', '-c', `read -r pid <${NOTES} && kill "$pid"`];

/**
 * The strategic merge patch of `pods/ephemeralcontainers` that adds the container. The uid ties it to this one pod: the
 * API server refuses it for another pod of the same name. Passes the `restricted` Pod Security Standard. It has no
 * target container, so it shares the pod's network but no container's processes.
 */
export const ephemeralPatch = (
  { uid }: Pick<ExistingPod, 'uid'>,
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
 * The state of the container. `absent`: the pod has none of this name. `failed`: it will not run, however long one
 * waits.
 */
export interface EphemeralState {
  readonly phase: 'absent' | 'waiting' | 'running' | 'failed' | 'ended';
  /** In the kubelet's words; empty if it runs. */
  readonly why: string;
}

/** The state of the container of this name, as a list of pods shows it. */
export const ephemeralState = (
  { uid }: Pick<ExistingPod, 'uid'>,
  pod: ExistingObject | undefined,
  name: string,
): EphemeralState => {
  if (!pod || pod.metadata.uid !== uid || !isRunning(pod)) return { phase: 'ended', why: 'the pod is gone' };
  const has = pod.spec?.ephemeralContainers?.some((one) => one.name === name);
  if (!has) return { phase: 'absent', why: 'the pod does not have it' };
  const status = pod.status?.ephemeralContainerStatuses?.find((one) => one.name === name);
  return stateOf(status?.state);
};

/**
 * A kubelet goes on trying, each time later, so these may pass. But in a pod that runs it comes to ImagePullBackOff only after
 * several tries, 10 to 15 s apart, and there is another way to probe. The reasons are those of pkg/kubelet/images/types.go
 * and cri-api/pkg/errors.
 */
const NOT_PULLED: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImageInspectError',
  'RegistryUnavailable',
  'SignatureValidationFailed',
]);

const isOver = (reason = ''): boolean => HOPELESS.has(reason) || NOT_PULLED.has(reason);

const stateOf = ({ running, waiting, terminated }: ContainerState = {}): EphemeralState => {
  if (running) return { phase: 'running', why: '' };
  if (terminated) return { phase: 'ended', why: textOf(terminated.reason, terminated.message) };
  const why = textOf(waiting?.reason, waiting?.message);
  return { phase: isOver(waiting?.reason) ? 'failed' : 'waiting', why };
};

/** A kubelet's failure message repeats itself, nested. */
const LONGEST = 200;

const textOf = (...parts: readonly (string | undefined)[]): string => {
  const text = parts.filter((part) => part !== undefined && part !== '').join(', ') || 'no reason given';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
};
