/** The words of a scenario after loading: names resolved, ports expanded, nothing optional left open. */
import type { NetworkPolicy, Port, Probe, ServicePort } from '../model/index.ts';

export type { Family, Port, Probe, Protocol, ServicePort } from '../model/index.ts';

export interface Pod {
  /** `namespace/name`, the endpoint's name everywhere but in the cluster. */
  readonly endpoint: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
  /** The IP addresses that it is pinned to, at most one of each family. */
  readonly addresses?: readonly string[];
  /** Shares its node's network. */
  readonly hostNetwork?: true;
  /** The TCP port that the kubelet asks each second whether the pod is ready. */
  readonly readiness?: number;
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
  /** At most one of each family. */
  readonly addresses: readonly string[];
  readonly ports: readonly Port[];
}

/** A node of the cluster, as seen from a pod. */
export interface Node {
  /** `node:name` */
  readonly endpoint: string;
  readonly name: string;
  /** It is the node that this pod runs on, or another one. */
  readonly runs: { readonly pod: string; readonly there: boolean };
  readonly ports: readonly Port[];
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
  /** Has no address of its own: its name stands for the addresses of its backends. */
  readonly headless: boolean;
  /** null where it has no port on the nodes. */
  readonly nodePort: 'Cluster' | 'Local' | null;
  /** Whether it is probed by its name as well. */
  readonly byName: boolean;
}

/** One way to a Service, as a destination. */
export interface ServiceWay {
  /** `svc:prod/web` by its address, `dns:prod/web` by its name, `nodeport:prod/web` by a node's. */
  readonly endpoint: string;
  readonly way: 'svc' | 'dns' | 'nodeport';
  readonly service: Service;
  readonly ports: readonly Port[];
}

export interface Topology {
  readonly namespaces: readonly Namespace[];
  readonly hosts: readonly Host[];
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
}

/** A NetworkPolicy as it is sent; only the namespace is resolved beside it. */
export interface Policy {
  readonly name: string;
  /** The scenario's namespace it lands in: its own, the scenario's `policyNamespace`, or `default`. */
  readonly namespace: string;
  /** The parsed document without what a cluster writes into its own (`server-owned.ts`): this is what is sent. */
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

/** `deny` is met by no answer and by a refusal, `drop` by no answer alone, `reject` by a refusal alone. */
export type Expectation = 'allow' | 'deny' | 'drop' | 'reject';

/** An expectation for one probe; without a family, for each that the cluster has. */
export interface ExpectedProbe extends Probe {
  readonly expectation: Expectation;
}

/**
 * Exactly one entry for each probe of the topology but a pod's own (`from` is `to`), or one for each family of IP where
 * the scenario tells them apart. `model`: what the model predicts, which is known once the pods have addresses. null where
 * none is written.
 */
export type Expected = readonly ExpectedProbe[] | 'model' | null;

/** One state of the world, whole, and the matrix that is expected in it. */
export interface Step {
  readonly name: string;
  readonly topology: Topology;
  /** Every policy in force in this state. */
  readonly policies: readonly ReadPolicy[];
  readonly expected: Expected;
  /** How it is written, so that `-u` knows what it may replace. */
  readonly form: 'rules' | 'grid' | 'model' | null;
  /** Where in scenario.yaml it is written: `[]` is the file as a whole, `['steps', 1]` the second of its steps. */
  readonly path: readonly (string | number)[];
}

/** Something in the files of policies that is not sent, at its place. Line and column are 1-based. */
export type Note = { readonly file: string; readonly line: number; readonly column: number } & (
  | {
      /** Objects of other kinds, which say nothing of who may reach whom; none in a file without objects. */
      readonly kind: 'not-read';
      readonly objects: readonly { readonly kind: string; readonly count: number }[];
    }
  | {
      /** A policy that podreach can't read, and that changes who may reach whom where it is in force. */
      readonly kind: 'not-judged';
      readonly apiVersion: string;
      readonly objectKind: string;
      /** `namespace/name`, or what there is of it. */
      readonly name: string;
      /** Whose API it is, where podreach knows. */
      readonly vendor: string | null;
    }
  | {
      /** What belongs to the cluster that a file was exported from: `metadata.uid`, `status`. */
      readonly kind: 'left-out';
      readonly fields: readonly string[];
    }
  | {
      /** A policy that another file, or an earlier part of this one, holds with the same spec. */
      readonly kind: 'repeated';
      /** `namespace/name` */
      readonly name: string;
      /** The first one's place, as `file:line`. */
      readonly first: string;
    }
);

export interface Scenario {
  readonly name: string;
  readonly intent?: string;
  /** Path of scenario.yaml, relative to the working directory. */
  readonly file: string;
  /** In the order in which they follow each other. */
  readonly steps: readonly [Step, ...Step[]];
  /** What of its policies' files is not sent. */
  readonly notes?: readonly Note[];
}
