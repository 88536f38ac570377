/** Apart from kubeconfig.ts, because the library's users need no types of @kubernetes/client-node, nor of `ws` behind it. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where kubectl looks: one file or, in KUBECONFIG, several that `connect` merges. */
export const defaultKubeconfig = (): string => process.env.KUBECONFIG || join(homedir(), '.kube', 'config');

/** The files that a flag or KUBECONFIG names. A flag's path is never a list to kubectl, so an existing file is one. */
export const kubeconfigFiles = (kubeconfig: string): readonly string[] =>
  existsSync(kubeconfig) ? [kubeconfig] : kubeconfig.split(delimiter).filter((file) => file !== '');
