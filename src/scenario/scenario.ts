/** The data of a scenario after loading: names resolved, ports expanded, defaults filled in. */

import type { NetworkPolicy, Port, Probe, ServicePort, Way } from '../model/index.ts';
import type { Established, WantedStarts } from './measured.ts';

export type { Family, Port, Probe, Protocol, ServicePort } from '../model/index.ts';
export type { Established, FlowExpectation, WantedStarts } from './measured.ts';

export interface Pod {
  /** `namespace/name`, the endpoint's name everywhere except in the cluster. */
  readonly endpoint: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly Port[];
  /** The IP addresses it is pinned to, at most one per family. */
  readonly addresses?: readonly string[];
  /** Shares its node's network. */
  readonly hostNetwork?: true;
  /** The TCP port of the pod's readiness probe, which the kubelet runs every second. */
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
  /** At most one per family. */
  readonly addresses: readonly string[];
  readonly ports: readonly Port[];
}

/** A node of the cluster, as seen from a pod. */
export interface Node {
  /** `node:name` */
  readonly endpoint: string;
  readonly name: string;
  /** Whether this pod runs on it, or on another node. */
  readonly runs: { readonly pod: string; readonly there: boolean };
  readonly ports: readonly Port[];
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
  /** Has no address of its own: its name resolves to the addresses of its backends. */
  readonly headless: boolean;
  /** null if it has no node port. */
  readonly nodePort: 'Cluster' | 'Local' | null;
  /** Whether it is also probed by its name. */
  readonly byName: boolean;
  /** How long a client keeps the backend that it got; absent if each connection may get another one. */
  readonly stickySeconds?: number;
  /** An ExternalName: the Service whose name it is another name of, and whose selector and ports these are. */
  readonly aliasOf?: { readonly namespace: string; readonly name: string };
  /** Where an address outside the cluster's ranges comes from; absent if it has none. */
  readonly external?: External;
}

/** `load-balancer`: its status has the address, as a load balancer would report it; `external-ip`: one of its externalIPs. */
export type External = 'load-balancer' | 'external-ip';

/** One way to a Service, as a destination. */
export interface ServiceWay {
  readonly kind: 'service';
  /** `svc:prod/web` by its address, `dns:prod/web` by its name, `nodeport:prod/web` through a node, `external:…` by an address outside. */
  readonly endpoint: string;
  readonly way: Way;
  readonly namespace: string;
  readonly name: string;
  readonly service: Service;
  readonly ports: readonly Port[];
}

export interface Topology {
  readonly namespaces: readonly Namespace[];
  readonly hosts: readonly Host[];
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
}

/** A NetworkPolicy as sent; only its namespace is resolved separately. */
export interface Policy {
  readonly name: string;
  /** The scenario's namespace it lands in: its own, the scenario's `policyNamespace`, or `default`. */
  readonly namespace: string;
  /** The parsed document as sent: without the fields that a cluster writes (`server-owned.ts`). */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** The file it was read from, relative to the working directory, and its first line (1-based). */
  readonly file: string;
  readonly line: number;
}

/** A policy with its parsed meaning. */
export interface ReadPolicy extends Policy {
  /** Its `placeOf` returns where each part is written. */
  readonly spec: NetworkPolicy;
  /**
   * As written, from its first line on, without what stands around it; absent for one that was read from a cluster. Finding
   * it takes a while.
   */
  readonly findText?: () => string;
}

/** Both silence and a refusal meet `deny`; only silence meets `drop`; only a refusal meets `reject`. */
export type Expectation = 'allow' | 'deny' | 'drop' | 'reject';

/** An expectation for one probe; without a family, for each family that the cluster has. null expects nothing of it. */
export interface ExpectedProbe extends Probe {
  readonly expectation: Expectation | null;
}

/**
 * Exactly one entry for each probe of the topology except a pod's own (`from` is `to`), or one per IP family if the
 * scenario distinguishes them. `model`: what the model predicts, known once the pods have addresses. null if none is
 * written.
 */
export type Expected = readonly ExpectedProbe[] | 'model' | null;

/** One state of the world, whole, and the matrix that is expected in it. */
export interface Step {
  readonly name: string;
  readonly topology: Topology;
  /** Every policy in force in this state. */
  readonly policies: readonly ReadPolicy[];
  readonly expected: Expected;
  /** The form as written, so that `-u` knows what it may replace. */
  readonly form: 'rules' | 'grid' | 'model' | null;
  /** The file holds the expectation itself, not under the key `expect`. */
  readonly alone?: true;
  /** How long its change may take to be enforced; absent if nothing is expected of that. */
  readonly withinMs?: number;
  /** Connections to follow from before its change. */
  readonly established?: readonly Established[];
  /** How the pods that it creates are to be measured as they start; absent if they are not. */
  readonly starts?: WantedStarts;
  /** Where in scenario.yaml it is written: `[]` is the file as a whole, `['steps', 1]` the second of its steps. */
  readonly path: readonly (string | number)[];
}

/** Something in the manifests that is not sent, or not as it is written, with its place. Line and column are 1-based. */
export type Note = { readonly file: string; readonly line: number; readonly column: number } & (
  | {
      /** Objects of other kinds, which say nothing about reachability; empty for a file without objects. */
      readonly kind: 'not-read';
      readonly objects: readonly { readonly kind: string; readonly count: number }[];
    }
  | {
      /** A policy that podreach can't read but that changes reachability where it is in force. */
      readonly kind: 'not-judged';
      readonly apiVersion: string;
      readonly objectKind: string;
      /** `namespace/name`, or as much of it as there is. */
      readonly name: string;
      /** The vendor of its API, if podreach knows it. */
      readonly vendor: string | null;
    }
  | {
      /** Fields of the cluster that a file was exported from: `metadata.uid`, `status`. */
      readonly kind: 'left-out';
      readonly fields: readonly string[];
    }
  | {
      /** A policy with the same spec as one in another file, or earlier in this file. */
      readonly kind: 'repeated';
      /** `namespace/name` */
      readonly name: string;
      /** The place of the first one, as `file:line`. */
      readonly first: string;
    }
  | {
      /** A key that its mapping has already; the last one counts. */
      readonly kind: 'repeated-key';
      readonly key: string;
    }
  | {
      /** Objects of the topology that equal earlier ones of their names. */
      readonly kind: 'repeated-objects';
      readonly objects: readonly { readonly kind: string; readonly count: number }[];
    }
  | {
      /** An object of the topology that differs from an earlier one of its name, and counts instead of it. */
      readonly kind: 'replaced';
      readonly objectKind: string;
      readonly name: string;
      readonly first: string;
    }
  | {
      /** A workload whose pod can't have its name. */
      readonly kind: 'renamed';
      readonly objectKind: string;
      readonly name: string;
      readonly endpoint: string;
    }
  | {
      /** An object, or one of its ports, that has no part in the matrix, or another one than in the cluster. */
      readonly kind: 'not-tested';
      readonly objectKind: string;
      readonly name: string;
      /** As `80/TCP`, if it is about a port. */
      readonly port?: string;
      readonly reason:
        | 'external-name'
        | 'no-such-service'
        | 'no-selector'
        | 'no-pod'
        | 'no-port'
        | 'no-such-target'
        | 'privileged'
        | 'headless'
        | 'unnamed-port'
        | 'external-address'
        | 'source-ranges'
        | 'stays-on-node';
    }
);

export interface Scenario {
  readonly name: string;
  readonly intent?: string;
  /** Words to select it by. */
  readonly tags?: readonly string[];
  /** If there is such a scenario, no other runs. */
  readonly only?: boolean;
  /** Nobody wrote it: it is what the manifests of a command line describe. */
  readonly fromManifests?: true;
  /** Path of scenario.yaml, relative to the working directory. */
  readonly file: string;
  /** In the order in which they follow each other. */
  readonly steps: readonly [Step, ...Step[]];
  /** What is not sent from its manifests, or not as it is written. */
  readonly notes?: readonly Note[];
}
