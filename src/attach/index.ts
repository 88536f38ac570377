export { type Attachment, attach } from './attach.ts';
export { readClusterDns } from './cluster-dns.ts';
export { type ExistingPod, isExisting } from './existing-pod.ts';
export { findPods } from './find-pods.ts';
export { CONNECTORS } from './own-tool.ts';
export { probesBetween } from './probes-between.ts';
export { missingRights, RIGHTS_ALWAYS, RIGHTS_EPHEMERAL, type Right, rightText } from './rights.ts';
export { type Choice, type Way, wayOf } from './way.ts';
