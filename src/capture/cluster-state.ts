import type { ExistingPod } from '../attach/index.ts';
import type { ReadPolicy, ServicePort } from '../scenario/index.ts';

type Labels = Readonly<Record<string, string>>;

export interface ClusterNamespace {
  readonly name: string;
  readonly labels: Labels;
}

/** A running pod: what policies and probes see of it, and nothing else. */
export interface ClusterPod
  extends Pick<ExistingPod, 'endpoint' | 'namespace' | 'labels' | 'ports' | 'addresses' | 'hostNetwork'> {
  /** What it belongs to, by a name without a hash: that of its Deployment, for example. */
  readonly workload: string;
}

/** A Service that selects its backends by labels. */
export interface ClusterService {
  readonly namespace: string;
  readonly name: string;
  readonly selector: Labels;
  readonly ports: readonly ServicePort[];
  /** Everything else that decides how it leads to its backends; equal text means equal behaviour. */
  readonly manner: string;
  /** What is written of it. */
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The part of a cluster that is captured. */
export interface ClusterState {
  readonly namespaces: readonly ClusterNamespace[];
  readonly pods: readonly ClusterPod[];
  readonly services: readonly ClusterService[];
  readonly policies: readonly ReadPolicy[];
}
