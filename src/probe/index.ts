export { baseline } from './baseline.ts';
export { serverKey } from './doubt.ts';
export { isKubelets, watchKubelet } from './kubelet.ts';
export { type ProbeOptions, probeMatrix } from './probe-matrix.ts';
export { kubectlWith, type RepeatOptions, repeatCommand } from './repeat-command.ts';
export { type RepeatInPodOptions, repeatInPod } from './repeat-in-pod.ts';
export type { Targets } from './targets.ts';
export type * from './verdict.ts';
export { createWindow, type Window } from './window.ts';
