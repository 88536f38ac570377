/** A NetworkPolicy as the model sees it, with the specification's defaults filled in. */
import type { AddressRange } from './address.ts';
import type { Protocol } from './world.ts';

/** Keys and list positions from the root of the manifest: `['spec', 'ingress', 0, 'from', 1]`. */
export type Path = readonly (string | number)[];

/** Line and column are 1-based. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type Direction = 'ingress' | 'egress';

/** One condition on a label. `matchLabels` becomes `In` with one value. */
export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /** Empty for `Exists` and `DoesNotExist`. */
  readonly values: readonly string[];
  /** Where it is written, so that messages can point at it. */
  readonly path: Path;
}

/** All requirements must hold; without any it matches everything. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  readonly path: Path;
}

/** Pods by their labels, in the policy's own namespace or in those that `namespaces` selects. */
export interface PodPeer {
  readonly kind: 'pods';
  readonly pods: Selector;
  /** null: the policy's own namespace. */
  readonly namespaces: Selector | null;
  readonly path: Path;
}

export interface BlockPeer {
  readonly kind: 'block';
  readonly cidr: AddressRange;
  readonly except: readonly AddressRange[];
  readonly path: Path;
}

export type Peer = PodPeer | BlockPeer;

/** Ports of one protocol: a name, or numbers from `first` to `last`, both included (1 to 65535 if none is given). */
export type PolicyPort = {
  readonly protocol: Protocol;
  readonly path: Path;
} & ({ readonly name: string } | { readonly first: number; readonly last: number });

/** Lets traffic of one of the peers to one of the ports through. */
export interface Rule {
  /** null: every peer, including those outside the cluster. */
  readonly peers: readonly Peer[] | null;
  /** null: every port of every protocol. */
  readonly ports: readonly PolicyPort[] | null;
  /** Which of `from`, `to` and `ports` are written but have nothing in them; absent if none is. */
  readonly empty?: readonly string[];
  readonly path: Path;
}

export interface NetworkPolicy {
  readonly name: string;
  readonly namespace: string;
  /** The pods of its namespace that it isolates. */
  readonly pods: Selector;
  /** null: it does not isolate in this direction. An empty list lets nothing through. */
  readonly ingress: readonly Rule[] | null;
  readonly egress: readonly Rule[] | null;
  /** Directions whose rules have no effect because policyTypes leaves them out; usually empty. */
  readonly idle: readonly Direction[];
  /** The place of a part of the manifest, if known. */
  readonly placeOf?: (path: Path) => Place;
}
