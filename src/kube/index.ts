export { RefusalError } from './answer.ts';
export {
  type Client,
  connect,
  type ExecOptions,
  type ExecResult,
  type ExecTarget,
  type KubeObject,
  type Manifest,
  pathOf,
} from './client.ts';
export { untilAborted } from './deadline.ts';
export { defaultKubeconfig, kubeconfigFiles } from './kubeconfig-files.ts';
export {
  addressesIn,
  type ContainerState,
  describePod,
  HOPELESS,
  isReady,
  isRunning,
  type PodObject,
  readySince,
} from './pod-state.ts';
export { diagnose, readyPods } from './ready-pods.ts';
