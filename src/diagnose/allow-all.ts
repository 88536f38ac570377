/** A temporary allow-all for one pair of pods: what it consists of, as plain data. */
import {
  distinguishing,
  type Endpoint,
  hasLabels,
  type Labels,
  type Manifest,
  type Model,
  NAME_LABEL,
} from '../model/index.ts';
import { type Facts, isKnown, type Known } from './facts.ts';
import { modelled } from './situation.ts';

/** One policy that admits the other end to the pod, or lets the pod out to it. */
export interface PairPolicy {
  readonly namespace: string;
  readonly direction: 'ingress' | 'egress';
  /** The pods that it selects. */
  readonly selects: string;
  readonly spec: Manifest;
}

/**
 * One for each side that some policy isolates: a policy for any other side would isolate it and cut off everybody else. Missing
 * if labels can't single the pods out, because it would then open more than the pair.
 */
export const pairPolicies = (facts: Facts): Known<readonly PairPolicy[]> => {
  const known = modelled(facts);
  if (!known) return isKnown(facts.policies) ? { missing: 'the policies are not known' } : facts.policies;
  const { model } = known;
  const source = endOf(model, facts, [facts.source.endpoint]);
  const target = targetOf(model, facts);
  for (const end of [source, target]) if (!isKnown(end)) return end;
  if (!isKnown(source) || !isKnown(target)) return { missing: 'an end is not known' };
  const policies = [
    ...policyFor(model, 'egress', source.value, target.value),
    ...policyFor(model, 'ingress', target.value, source.value),
  ];
  return policies.length > 0
    ? { value: policies }
    : { missing: 'no policy isolates either end, so it would change nothing' };
};

type End =
  | { readonly kind: 'pods'; readonly pods: readonly Endpoint[]; readonly namespace: string; readonly labels: Labels }
  | { readonly kind: 'host'; readonly address: string };

const targetOf = (model: Model, facts: Facts): Known<End> => {
  const { target } = facts;
  if (target.kind === 'host') return { value: { kind: 'host', address: target.address } };
  if (target.kind === 'pod') return endOf(model, facts, [target.endpoint]);
  const { namespace, selector } = target.service;
  const behind = facts.pods.filter((pod) => pod.namespace === namespace && hasLabels(pod.labels, selector));
  return endOf(
    model,
    facts,
    behind.map(({ endpoint }) => endpoint),
    selector,
  );
};

/** Pods that labels tell from all others of their namespace. */
const endOf = (model: Model, facts: Facts, names: readonly string[], given?: Labels): Known<End> => {
  const pods = names.flatMap((name) => model.endpoints.get(name) ?? []);
  const [first] = pods;
  if (!first?.namespace) return { missing: 'there is no running pod at one of the ends' };
  const { name: namespace } = first.namespace;
  const labels = given ?? distinguishing(model.endpoints.values())(first);
  const selected = facts.pods.filter((pod) => pod.namespace === namespace && hasLabels(pod.labels, labels));
  const others = selected.filter(({ endpoint }) => !names.includes(endpoint)).map(({ endpoint }) => endpoint);
  if (others.length > 0 || Object.keys(labels).length === 0) {
    const more =
      others.length > 0 ? `: ${others.slice(0, 3).join(', ')} ${others.length === 1 ? 'has' : 'have'} them, too` : '';
    return { missing: `no labels single out ${names.join(', ')}${more}` };
  }
  return { value: { kind: 'pods', pods, namespace, labels } };
};

const TYPES = { ingress: 'Ingress', egress: 'Egress' } as const;

const policyFor = (model: Model, direction: 'ingress' | 'egress', own: End, peer: End): readonly PairPolicy[] => {
  if (own.kind === 'host') return [];
  if (!own.pods.some((pod) => model.isolating(pod, direction).length > 0)) return [];
  const spec = {
    podSelector: { matchLabels: own.labels },
    policyTypes: [TYPES[direction]],
    [direction]: [{ [direction === 'ingress' ? 'from' : 'to']: [peerOf(peer)] }],
  };
  return [{ namespace: own.namespace, direction, selects: own.pods.map(({ name }) => name).join(', '), spec }];
};

const peerOf = (end: End): Manifest =>
  end.kind === 'host'
    ? { ipBlock: { cidr: `${end.address}/${end.address.includes(':') ? 128 : 32}` } }
    : {
        namespaceSelector: { matchLabels: { [NAME_LABEL]: end.namespace } },
        podSelector: { matchLabels: end.labels },
      };
