import type { Cluster, KubeConfig, User } from '@kubernetes/client-node';
import { PodreachError } from '../errors.ts';
import { kubectlFor, loadKubeconfig, type Origin } from './kubeconfig.ts';
import { keepSecretsOf } from './kubeconfig-secrets.ts';

/** A context of a kubeconfig, with its cluster and user. Holds secrets, so it must never be printed. */
export interface Context {
  readonly name: string;
  readonly server: URL;
  readonly cluster: Cluster;
  readonly user: User | null;
  /** The whole kubeconfig, with this context as the current one. */
  readonly config: KubeConfig;
  readonly clusterOrigin: () => Origin;
  readonly userOrigin: Origin;
  /** The command with which a person queries this cluster. */
  readonly kubectl: string;
}

/**
 * The named context of a kubeconfig, or its current one; see `loadKubeconfig`. Registers its secrets.
 * Throws a PodreachError if there is none, or none that podreach can use.
 */
export const chooseContext = (kubeconfig: string, contextName?: string): Context => {
  const { config, origin } = loadKubeconfig(kubeconfig);
  if (contextName !== undefined) config.setCurrentContext(contextName);
  const name = config.getCurrentContext();
  const cluster = config.getCurrentCluster();
  if (!cluster) {
    const known = config.getContexts().map((context) => context.name);
    throw new PodreachError(
      `the kubeconfig ${kubeconfig} has no ${name ? `context named ${name}` : 'current context'}`,
      { hint: known.length > 0 ? `contexts in it: ${known.join(', ')}` : 'name another file with --kubeconfig' },
    );
  }
  const user = config.getCurrentUser();
  keepSecretsOf(user, cluster);
  requireKnownProvider(user, kubeconfig);
  return {
    name,
    server: parseServer(cluster.server, kubeconfig),
    cluster,
    user,
    config,
    clusterOrigin: () => origin('cluster', cluster.name),
    userOrigin: user ? origin('user', user.name) : { file: kubeconfig, entry: {} },
    kubectl: kubectlFor(kubeconfig, name),
  };
};

/**
 * The library runs the commands of other providers in a shell that blocks everything; kubectl too supports only this
 * one.
 */
const requireKnownProvider = (user: User | null, kubeconfig: string): void => {
  const provider = user?.authProvider?.name;
  if (user?.authProvider && provider !== 'oidc')
    throw new PodreachError(`the kubeconfig ${kubeconfig} uses an auth provider that Kubernetes has removed`, {
      hint: "use your cloud's credential plugin (`exec:`), such as gke-gcloud-auth-plugin or kubelogin",
    });
};

const parseServer = (server: string, kubeconfig: string): URL => {
  if (!URL.canParse(server)) throw new PodreachError(`the kubeconfig ${kubeconfig} has no valid server address`);
  return new URL(server);
};
