/** Why policies do with a connection what nobody wants, as data. */
import type { Direction, NetworkPolicy, Peer, Unmet } from '../model/index.ts';

/** Where a policy says it; null: the pods that it selects. 1 is the first rule. */
type RuleNumber = number | null;

/**
 * A mistake in a policy. `labels`: a selector misses an end by one of its labels. `namespace`: the policy is not in the
 * namespace of the pod that it selects. `no-namespace-selector`: a peer means pods of the policy's own namespace.
 * `types-missing`: policyTypes leaves out the direction of its rules. `types-extra`: policyTypes names a direction for
 * which it has no rules. `and-for-or`, `or-for-and`: two selectors are one peer, or two. `service-port`: a rule has the port
 * of a Service, not its target. `named-port`: a rule names a port that the destination does not have. `dns-cut`: the
 * source's policies let no lookup out; `tcp`: only those over TCP.
 */
export type Mistake =
  | {
      readonly kind: 'labels';
      readonly policy: NetworkPolicy;
      readonly direction: Direction;
      readonly rule: RuleNumber;
      readonly of: 'pod' | 'namespace';
      /** The pod, or the namespace. */
      readonly endpoint: string;
      readonly unmet: Unmet;
    }
  | {
      readonly kind: 'namespace';
      readonly policy: NetworkPolicy;
      readonly direction: Direction;
      readonly endpoint: string;
      readonly namespace: string;
    }
  | {
      readonly kind: 'no-namespace-selector';
      readonly policy: NetworkPolicy;
      readonly direction: Direction;
      readonly rule: number;
      readonly peer: Peer;
      readonly endpoint: string;
      readonly namespace: string;
    }
  | {
      readonly kind: 'types-missing' | 'types-extra';
      readonly policy: NetworkPolicy;
      readonly direction: Direction;
      readonly endpoint: string;
    }
  | {
      readonly kind: 'and-for-or';
      readonly policy: NetworkPolicy;
      readonly direction: Direction;
      readonly rule: number;
      readonly peer: Peer;
      readonly endpoint: string;
      /** The selector of the peer that the end does match. */
      readonly matches: 'namespaceSelector' | 'podSelector';
    }
  | {
      readonly kind: 'or-for-and';
      readonly policy: NetworkPolicy;
      readonly direction: Direction;
      readonly rule: number;
      readonly peer: Peer;
      /** The one beside it. */
      readonly other: Peer;
      readonly endpoint: string;
    }
  | {
      readonly kind: 'service-port';
      readonly policy: NetworkPolicy;
      readonly direction: Direction;
      readonly rule: number;
      readonly service: string;
      readonly written: string;
      readonly target: string;
    }
  | {
      readonly kind: 'named-port';
      readonly policy: NetworkPolicy;
      readonly direction: Direction;
      readonly rule: number;
      readonly name: string;
      readonly endpoint: string;
      readonly port: string;
    };

/**
 * What else there is to say about a side. `no-rule`: policies isolate the end, and no rule of theirs lets the other end
 * in or out. `ports`: a rule lets it in or out, but on other ports. `not-isolated`: no policy isolates the end. `let-through`: a rule
 * lets it through.
 */
export type Cause =
  | Mistake
  | {
      readonly kind: 'dns-cut';
      readonly policies: readonly NetworkPolicy[];
      readonly endpoint: string;
      readonly tcp: boolean;
    }
  | {
      readonly kind: 'no-rule' | 'not-isolated';
      readonly direction: Direction;
      readonly endpoint: string;
      readonly peer: string;
      readonly policies: readonly NetworkPolicy[];
    }
  | {
      readonly kind: 'ports' | 'let-through';
      readonly direction: Direction;
      readonly endpoint: string;
      readonly peer: string;
      readonly policy: NetworkPolicy;
      readonly rule: number;
      readonly ports: readonly string[];
    };
