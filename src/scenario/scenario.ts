/** The words of a scenario after loading: names resolved, ports expanded, nothing optional left open. */
import type { NetworkPolicy, Port, Probe } from '../model/index.ts';

export type { Port, Probe, Protocol } from '../model/index.ts';

export interface Pod {
  /** `namespace/name`, the endpoint's name everywhere but in the cluster. */
  readonly endpoint: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
  /** The IP address that it is pinned to. */
  readonly address?: string;
}

export interface Namespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly pods: readonly Pod[];
}

/** A machine outside the cluster. */
export interface Host {
  /** `host:name` */
  readonly endpoint: string;
  readonly name: string;
  readonly address: string;
  readonly ports: readonly Port[];
}

export interface Topology {
  readonly namespaces: readonly Namespace[];
  readonly hosts: readonly Host[];
}

/** A NetworkPolicy as its file holds it; only the namespace is resolved beside it. */
export interface Policy {
  readonly name: string;
  /** The scenario's namespace it lands in: its own, the scenario's `policyNamespace`, or `default`. */
  readonly namespace: string;
  /** The parsed document, untouched: this is what is sent to the API server. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Where it was read, relative to the working directory, and the line it begins on (1-based). */
  readonly file: string;
  readonly line: number;
}

/** A policy with what it means. */
export interface ReadPolicy extends Policy {
  /** Its `placeOf` tells where each part is written. */
  readonly spec: NetworkPolicy;
}

export type Expectation = 'allow' | 'deny';

/** An expectation for one probe. */
export interface ExpectedProbe extends Probe {
  readonly expectation: Expectation;
}

/**
 * Exactly one entry for each probe of the topology but a pod's own (`from` is `to`). `model`: what the model predicts,
 * which is known once the pods have addresses. null where none is written.
 */
export type Expected = readonly ExpectedProbe[] | 'model' | null;

/** One state of a scenario: some change, then one matrix. */
export interface Step {
  readonly name: string;
  /** Every policy in force in this state. */
  readonly policies: readonly ReadPolicy[];
  readonly expected: Expected;
  /** How it is written, so that `-u` knows what it may replace. */
  readonly form: 'rules' | 'grid' | 'model' | null;
}

export interface Scenario {
  readonly name: string;
  readonly intent?: string;
  /** Path of scenario.yaml, relative to the working directory. */
  readonly file: string;
  readonly topology: Topology;
  readonly steps: readonly Step[];
}
