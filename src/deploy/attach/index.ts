export { type Attachment, attach } from './attach.ts';
export type { EphemeralContainer } from './ephemeral-container.ts';
export { findPods, type Wanted } from './find-pods.ts';
export { type ForeignPod, isForeign } from './foreign-pod.ts';
export { CONNECTORS } from './own-tool.ts';
export { probesBetween } from './probes-between.ts';
export { missingRights, RIGHTS_ALWAYS, RIGHTS_EPHEMERAL, type Right, rightText } from './rights.ts';
export { type Choice, type Way, wayOf } from './way.ts';
