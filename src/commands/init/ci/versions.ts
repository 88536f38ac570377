import { calicoVersions, stockKubernetes } from '../../../cluster/index.ts';

/** The versions of the nightly workflows: podreach's own choice, and the oldest that kind 0.33 has a node image of. */
export const KUBERNETES_VERSIONS: readonly string[] = [stockKubernetes, 'v1.34.11'];
export const CALICO_VERSIONS: readonly string[] = calicoVersions;
