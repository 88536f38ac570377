/** A NetworkPolicy as the model sees it: what its manifest leaves out is filled in as the specification says. */
import type { AddressRange } from './address.ts';
import type { Protocol } from './world.ts';

/** Keys and list positions from the manifest's top: `['spec', 'ingress', 0, 'from', 1]`. */
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
  /** Where it is written, so that it can be pointed at. */
  readonly path: Path;
}

/** All requirements have to hold; without any it matches everything. */
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

/** Ports of one protocol: a name, or numbers from `first` to `last`, both included (1 to 65535 where none is given). */
export type PolicyPort = {
  readonly protocol: Protocol;
  readonly path: Path;
} & ({ readonly name: string } | { readonly first: number; readonly last: number });

/** Traffic of one of the peers to one of the ports is let through. */
export interface Rule {
  /** null: every peer, those outside the cluster included. */
  readonly peers: readonly Peer[] | null;
  /** null: every port of every protocol. */
  readonly ports: readonly PolicyPort[] | null;
  /** Which of `from`, `to` and `ports` are written, with nothing in them; left out where none is. */
  readonly empty?: readonly string[];
  readonly path: Path;
}

export interface NetworkPolicy {
  readonly name: string;
  readonly namespace: string;
  /** The pods of its namespace that it isolates. */
  readonly pods: Selector;
  /** null: it does not isolate in this direction. Without rules it lets nothing through. */
  readonly ingress: readonly Rule[] | null;
  readonly egress: readonly Rule[] | null;
  /** Rules that have no effect, for policyTypes leave their direction out; empty otherwise. */
  readonly idle: readonly Direction[];
  /** Where a part of the manifest is written, where that is known. */
  readonly placeOf?: (path: Path) => Place;
}
