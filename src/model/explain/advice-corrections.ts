/** Corrections of selectors that miss an end of the connection by a slip: what the policy's author most likely meant. */
import type { Connection, Model } from '../decide.ts';
import { type Endpoint, isPod, type PodEndpoint } from '../endpoint.ts';
import type { NetworkPolicy, PodPeer } from '../policy.ts';
import { rulesIn } from '../rules.ts';
import { selects } from '../selector.ts';
import type { Labels } from '../world.ts';
import type { Change } from './advice-change.ts';
import type { IsolatingPolicy, RuleAnswer, Side } from './explain.ts';
import { correctionOf } from './slip.ts';
import type { PeerAnswer } from './why-peer.ts';

/** What is known about a side: its ends, and everybody that a selector may mean instead. */
export interface Sight {
  readonly side: Side;
  readonly own: Endpoint;
  readonly peer: Endpoint;
  readonly pods: readonly PodEndpoint[];
  readonly policies: readonly NetworkPolicy[];
}

export const sightOf = (side: Side, { from, to }: Connection, { endpoints, policies }: SightModel): Sight => {
  const [own, peer] = side.direction === 'egress' ? [from, to] : [to, from];
  return { side, own, peer, pods: [...endpoints.values()].filter(isPod), policies };
};

export type SightModel = Pick<Model, 'endpoints' | 'policies'>;

/** In a policy of the namespace that would isolate the pod and has rules for the direction. */
export const policyCorrections = ({ side: { direction }, own, pods, policies }: Sight): readonly Change[] => {
  const { namespace } = own;
  if (!namespace) return [];
  const beside = () => labelsOf(pods.filter((pod) => pod.namespace.name === namespace.name));
  return policies
    .filter((policy) => policy.namespace === namespace.name && rulesIn(policy, direction).length > 0)
    .flatMap((policy): readonly Change[] => {
      const correction = correctionOf(policy.pods, own.labels, beside);
      return correction
        ? [{ kind: 'selector', policy, place: { selector: 'podSelector', rule: null }, correction }]
        : [];
    });
};

/** In a peer of a rule. */
export const peerCorrection = (
  { peer: written, reason }: PeerAnswer,
  { number }: RuleAnswer,
  { policy }: IsolatingPolicy,
  { side: { direction }, peer, pods }: Sight,
): Change | null => {
  if (written.kind !== 'pods' || !peer.namespace) return null;
  const rule = { direction, number };
  if (reason?.kind === 'pod-labels') {
    const inScope = () => labelsOf(pods.filter(({ namespace }) => isInScope(written, policy.namespace, namespace)));
    const correction = correctionOf(written.pods, peer.labels, inScope);
    return correction && { kind: 'selector', policy, place: { selector: 'podSelector', rule }, correction };
  }
  if (reason?.kind !== 'namespace-labels' || !written.namespaces) return null;
  const namespaces = () => labelsOf([...new Set(pods.map(({ namespace }) => namespace))]);
  const correction = correctionOf(written.namespaces, peer.namespace.labels, namespaces);
  return correction && { kind: 'selector', policy, place: { selector: 'namespaceSelector', rule }, correction };
};

const isInScope = ({ namespaces }: PodPeer, policyNamespace: string, { name, labels }: PodEndpoint['namespace']) =>
  namespaces ? selects(namespaces, labels) : name === policyNamespace;

const labelsOf = (labelled: readonly { readonly labels: Labels }[]): readonly Labels[] =>
  labelled.map(({ labels }) => labels);
