/** Rewritings of worlds and manifests that must not change, or only in one way, what policies do. */
import type { World } from '../../src/model/world.ts';
import type { RawPeer, RawPolicy, RawRule, RawSelector, RawSpec } from './manifest.ts';

export const DIRECTIONS = ['ingress', 'egress'] as const;

export const withSpec = (policy: RawPolicy, change: (spec: RawSpec) => RawSpec): RawPolicy => ({
  ...policy,
  spec: change(policy.spec ?? {}),
});

/** Every rule of both directions, rewritten. */
export const withRules = (policy: RawPolicy, change: (rule: RawRule) => RawRule): RawPolicy =>
  withSpec(policy, (spec) => ({ ...spec, ingress: spec.ingress?.map(change), egress: spec.egress?.map(change) }));

/** Every peer of every rule, rewritten. */
export const withPeers = (policy: RawPolicy, change: (peer: RawPeer) => RawPeer): RawPolicy =>
  withRules(policy, ({ from, to, ports }) => ({
    ...(from && { from: from.map(change) }),
    ...(to && { to: to.map(change) }),
    ports,
  }));

/** policyTypes as the specification fills them in. */
export const withTypes = (policy: RawPolicy): RawPolicy =>
  withSpec(policy, (spec) => {
    if (spec.policyTypes?.length) return spec;
    return { ...spec, policyTypes: spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'] };
  });

/** One policy for each rule, each of one direction; a direction without rules keeps one that allows nothing. */
export const splitByRule = (policy: RawPolicy): readonly RawPolicy[] => {
  const { podSelector, policyTypes, ...rules } = withTypes(policy).spec ?? {};
  return DIRECTIONS.flatMap((direction) => {
    const type = direction === 'ingress' ? 'Ingress' : 'Egress';
    if (!policyTypes?.includes(type)) return [];
    const lists = rules[direction]?.length ? rules[direction].map((rule) => [rule]) : [[]];
    return lists.map((list) => ({ ...policy, spec: { podSelector, policyTypes: [type], [direction]: list } }));
  });
};

/** Every list of a manifest, at every depth, turned by some places. */
export const turned = <T>(value: T, places: number): T => {
  if (Array.isArray(value)) {
    const at = value.length > 0 ? places % value.length : 0;
    return [...value.slice(at), ...value.slice(0, at)].map((item) => turned(item, places)).toReversed() as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, turned(item, places)])) as T;
};

/** matchLabels written as matchExpressions. */
export const asExpressions = ({ matchLabels, matchExpressions }: RawSelector): RawSelector => ({
  matchExpressions: [
    ...Object.entries(matchLabels ?? {}).map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    ...(matchExpressions ?? []),
  ],
});

/** Every selector of a policy, rewritten. */
export const withSelectors = (policy: RawPolicy, change: (selector: RawSelector) => RawSelector): RawPolicy => {
  const changed = (selector: RawSelector | null | undefined) => selector && change(selector);
  const inRules = withPeers(policy, ({ podSelector, namespaceSelector, ipBlock }) => ({
    podSelector: changed(podSelector),
    namespaceSelector: changed(namespaceSelector),
    ipBlock,
  }));
  return withSpec(inRules, (spec) => ({ ...spec, podSelector: changed(spec.podSelector) }));
};

const NAME_LABEL = 'kubernetes.io/metadata.name';
const renamedKey = (key: string): string => (key === NAME_LABEL ? key : `new.${key}`);
const renamedValue = (key: string, value: string): string => (key === NAME_LABEL ? value : `new-${value}0`);
const renamedLabels = (labels: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([key, value]) => [renamedKey(key), renamedValue(key, value)]));

export const renamedSelector = ({ matchLabels, matchExpressions }: RawSelector): RawSelector => ({
  matchLabels: matchLabels && renamedLabels(matchLabels),
  matchExpressions: matchExpressions?.map(({ key, operator, values }) => ({
    key: renamedKey(key),
    operator,
    values: values?.map((value) => renamedValue(key, value)),
  })),
});

export const renamedWorld = (world: World): World => ({
  ...world,
  namespaces: world.namespaces.map(({ name, labels = {} }) => ({ name, labels: renamedLabels(labels) })),
  pods: world.pods.map(({ labels = {}, ...pod }) => ({ ...pod, labels: renamedLabels(labels) })),
});
