import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * The library that reads kubeconfigs and speaks the exec protocol. It takes about a second and 65 MB, so it is loaded
 * when a cluster is used and not before. It needs `require`, because `connect` is synchronous.
 */
export const clientNode = (): typeof import('@kubernetes/client-node') => require('@kubernetes/client-node');
