import type { RegistryLogin } from '../../host/index.ts';

/** The images and files of a cluster, whether pulled or built. */
export interface ClusterImages {
  /** For `kind create cluster --image`; the Docker Engine has it. */
  readonly node: string;
  /** Path of Calico's manifest. */
  readonly calicoManifest: string;
  /** The image of the probe pods, present on every node or pulled by it. */
  readonly probe: string;
  /** Where the nodes pull from, if they need more than its name for that. */
  readonly registry?: RegistryAccess;
}

/** What nodes need to pull from a registry besides its name. */
export interface RegistryAccess {
  /** Host and port. */
  readonly registry: string;
  readonly ca?: { readonly file: string; readonly pem: string };
  /** Secret. */
  readonly login?: RegistryLogin;
}
