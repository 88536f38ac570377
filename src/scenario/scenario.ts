/** The words of a scenario after loading: names resolved, ports expanded, nothing optional left open. */

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface Port {
  readonly number: number;
  readonly protocol: Protocol;
  readonly name?: string;
}

export interface Pod {
  /** `namespace/name`, the endpoint's name everywhere but in the cluster. */
  readonly endpoint: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
}

export interface Namespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly pods: readonly Pod[];
}

export interface Topology {
  readonly namespaces: readonly Namespace[];
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

/** One connection to try: from an endpoint to another endpoint's port. */
export interface Probe {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly protocol: Protocol;
}

export type Expectation = 'allow' | 'deny';

/** An expectation for one probe. */
export interface ExpectedProbe extends Probe {
  readonly expectation: Expectation;
}

/** One state of a scenario: some change, then one matrix. */
export interface Step {
  readonly name: string;
  /** Every policy in force in this state. */
  readonly policies: readonly Policy[];
  /** Exactly one entry for each probe of the topology but a pod's own (`from` is `to`); null where none is written. */
  readonly expected: readonly ExpectedProbe[] | null;
  /** How it is written, so that `-u` knows what it may replace. */
  readonly form: 'rules' | 'grid' | null;
}

export interface Scenario {
  readonly name: string;
  readonly intent?: string;
  /** Path of scenario.yaml, relative to the working directory. */
  readonly file: string;
  readonly topology: Topology;
  readonly steps: readonly Step[];
}
