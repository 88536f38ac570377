/** What is known about a connection of a running cluster, as plain data. */
import type { ExistingPod, LivePolicies } from '../attach/index.ts';
import type { Family, Labels, Probe, WorldDns } from '../model/index.ts';
import type { Observation } from '../probe/index.ts';
import type { ReadPolicy, ServicePort } from '../scenario/index.ts';
import type { Question } from './question.ts';

/** Something that was looked up, or why it could not be. */
export type Known<T> = { readonly value: T } | { readonly missing: string };

export const isKnown = <T>(known: Known<T>): known is { readonly value: T } => 'value' in known;

/** A Service that selects pods. */
export interface ServiceFact {
  readonly namespace: string;
  readonly name: string;
  readonly selector: Labels;
  /** None if it is headless. */
  readonly addresses: readonly string[];
  readonly ports: readonly ServicePort[];
}

/** One address behind a Service, as its EndpointSlices list it. */
export interface BackendFact {
  /** The pod's `namespace/name`; its address if it is no pod. */
  readonly endpoint: string;
  readonly port: number;
  readonly ready: boolean;
}

/** The destination as it is. */
export type Target =
  | { readonly kind: 'pod'; readonly endpoint: string; readonly ready: boolean; readonly state: string }
  | {
      readonly kind: 'service';
      readonly way: 'svc' | 'dns';
      readonly service: ServiceFact;
      /** The port that was asked for; null if the Service has none like that. */
      readonly port: ServicePort | null;
      readonly backends: Known<readonly BackendFact[]>;
    }
  | { readonly kind: 'host'; readonly endpoint: string; readonly address: string };

export interface Facts {
  readonly question: Question;
  readonly asked: Probe;
  readonly family: Family;
  readonly source: ExistingPod;
  readonly target: Target;
  /** The running pods of the two namespaces. */
  readonly pods: readonly ExistingPod[];
  /** The Services of the destination's namespace. */
  readonly services: Known<readonly ServiceFact[]>;
  /** Those of the two namespaces, and the labels of these. */
  readonly policies: Known<LivePolicies>;
  /** Those of all other namespaces. */
  readonly elsewhere: Known<readonly ReadPolicy[]>;
  /** Null if the cluster's DNS servers could not be read; they are then assumed to be as kubeadm installs them. */
  readonly dns: WorldDns | null;
}

/** What probes saw. */
export interface Observed {
  /** From the source to what was asked for. */
  readonly path: Known<Observation>;
  /** From each server to itself, by its name: no policy forbids that. */
  readonly own: ReadonlyMap<string, Known<Observation>>;
  /** From the source past a Service, to each of its backends. */
  readonly direct: ReadonlyMap<string, Observation>;
  /** The lookup of the name; null if none was asked for. */
  readonly lookup: Known<Observation> | null;
  /** Whether the policies are still those that were read before. */
  readonly policies: 'unchanged' | 'changed' | 'unknown';
  readonly allowAll: AllowAllFact;
}

/** What a temporary allow-all for the pair showed, or why there was none. */
export type AllowAllFact = Known<Observation>;
