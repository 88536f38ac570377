/** Changes to a world or its policies that may open a connection. */
import type { Endpoint } from '../endpoint.ts';
import type { Direction, NetworkPolicy, Peer, Rule } from '../policy.ts';
import { readPolicy } from '../read/read-policy.ts';
import { portsOf, rulesIn } from '../rules.ts';
import type { Labels, Port, World, WorldNamespace, WorldPod } from '../world.ts';
import { type Correction, corrected } from './slip.ts';

/** A part of a manifest, as YAML or JSON would hold it. */
export type Manifest = Readonly<Record<string, unknown>>;

/**
 * `selector`: a corrected requirement of a selector in a policy. `labels`: of a namespace or pod; null removes one. `port`: an additional port in a rule. `rule`: an additional rule
 * in a policy. `policy`: an additional policy with one rule.
 */
export type Change =
  | {
      readonly kind: 'selector';
      readonly policy: NetworkPolicy;
      readonly place: SelectorPlace;
      readonly correction: Correction;
    }
  | {
      readonly kind: 'labels';
      readonly of: 'namespace' | 'pod';
      /** `prod`, or `prod/web` */
      readonly name: string;
      readonly labels: Readonly<Record<string, string | null>>;
      /** The labels it has now. */
      readonly was: Labels;
    }
  | {
      readonly kind: 'port';
      readonly policy: NetworkPolicy;
      readonly direction: Direction;
      /** 1 for the first rule. */
      readonly number: number;
      readonly port: Pick<Port, 'number' | 'protocol'>;
    }
  | {
      readonly kind: 'rule';
      readonly policy: NetworkPolicy;
      readonly direction: Direction;
      readonly rule: Manifest;
    }
  | { readonly kind: 'policy'; readonly namespace: string; readonly spec: Manifest };

/** The pods of the policy, or a peer of a rule; 1 for the first rule. */
export interface SelectorPlace {
  readonly selector: 'namespaceSelector' | 'podSelector';
  readonly rule: { readonly direction: Direction; readonly number: number } | null;
}

/** What a model is compiled from. */
export interface ModelInput {
  readonly world: World;
  readonly policies: readonly NetworkPolicy[];
}

/** The input after a change. A changed policy is found by its name. */
export const applyChange = ({ world, policies }: ModelInput, change: Change): ModelInput => {
  switch (change.kind) {
    case 'selector': {
      const { policy, correction } = change;
      return { world, policies: policies.map((one) => (isSame(one, policy) ? respelt(one, correction) : one)) };
    }
    case 'labels':
      return { world: relabelled(world, change), policies };
    case 'port': {
      const { number, port } = change;
      const added = { protocol: port.protocol, first: port.number, last: port.number };
      const widen = (rule: Rule): Rule => ({ ...rule, ports: [...portsOf(rule), { ...added, path: rule.path }] });
      const widened = changed(policies, change, (rules) =>
        rules.map((rule, index) => (index === number - 1 ? widen(rule) : rule)),
      );
      return { world, policies: widened };
    }
    case 'rule': {
      const { direction, policy, rule } = change;
      const read = policyOf(policy.namespace, { [direction]: [rule], policyTypes: [TYPES[direction]] });
      return { world, policies: changed(policies, change, (rules) => [...rules, ...rulesIn(read, direction)]) };
    }
    case 'policy':
      return { world, policies: [...policies, policyOf(change.namespace, change.spec)] };
  }
};

/**
 * Whether a change may affect connections of an endpoint: it affects none between two endpoints that it does not touch.
 */
export const touches = (change: Change, { name, namespace }: Endpoint): boolean => {
  if (change.kind === 'labels') return change.name === (change.of === 'pod' ? name : namespace?.name);
  return namespace?.name === (change.kind === 'policy' ? change.namespace : change.policy.namespace);
};

/** A policy that allows everything in one direction of a namespace. */
export const allowAllIn = (namespace: string, direction: Direction): Change => ({
  kind: 'policy',
  namespace,
  spec: { podSelector: {}, policyTypes: [TYPES[direction]], [direction]: [{}] },
});

/** The policyTypes entry for a direction. */
export const TYPES: Readonly<Record<Direction, string>> = { ingress: 'Ingress', egress: 'Egress' };

/** Parsed from the manifest's text, so that the user sees exactly what was tried. */
const policyOf = (namespace: string, spec: Manifest): NetworkPolicy => {
  const manifest = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'podreach-advice' },
    spec,
  };
  const problems: string[] = [];
  const policy = readPolicy(manifest, ({ message }) => problems.push(message));
  if (!policy) throw new RangeError(`this world has names or labels that Kubernetes refuses: ${problems.join('; ')}`);
  return { ...policy, namespace };
};

const changed = (
  policies: readonly NetworkPolicy[],
  { policy, direction }: { readonly policy: NetworkPolicy; readonly direction: Direction },
  change: (rules: readonly Rule[]) => readonly Rule[],
): readonly NetworkPolicy[] =>
  policies.map((one) => (isSame(one, policy) ? { ...one, [direction]: change(rulesIn(one, direction)) } : one));

const isSame = (one: NetworkPolicy, other: NetworkPolicy): boolean =>
  one.namespace === other.namespace && one.name === other.name;

const respelt = (policy: NetworkPolicy, correction: Correction): NetworkPolicy => {
  const peer = (one: Peer): Peer =>
    one.kind === 'pods'
      ? {
          ...one,
          pods: corrected(one.pods, correction),
          namespaces: one.namespaces && corrected(one.namespaces, correction),
        }
      : one;
  const rules = (some: readonly Rule[] | null): readonly Rule[] | null =>
    some?.map((rule) => ({ ...rule, peers: rule.peers?.map(peer) ?? null })) ?? null;
  return {
    ...policy,
    pods: corrected(policy.pods, correction),
    ingress: rules(policy.ingress),
    egress: rules(policy.egress),
  };
};

const relabelled = (world: World, { of, name, labels }: Extract<Change, { kind: 'labels' }>): World => {
  const relabel = (own: Labels | undefined): Labels =>
    Object.fromEntries(
      Object.entries({ ...own, ...labels }).flatMap(([key, value]) => (value === null ? [] : [[key, value]])),
    );
  const namespace = <Item extends WorldNamespace>(one: Item): Item =>
    of === 'namespace' && one.name === name ? { ...one, labels: relabel(one.labels) } : one;
  const pod = <Item extends Pick<WorldPod, 'name' | 'labels'>>(one: Item, within: string): Item =>
    of === 'pod' && `${within}/${one.name}` === name ? { ...one, labels: relabel(one.labels) } : one;
  const { dns } = world;
  return {
    ...world,
    namespaces: world.namespaces.map(namespace),
    pods: world.pods.map((one) => pod(one, one.namespace)),
    ...(dns && {
      dns: {
        ...dns,
        namespace: namespace(dns.namespace),
        pods: dns.pods.map((one) => pod(one, dns.namespace.name)),
      },
    }),
  };
};
