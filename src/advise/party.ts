import type { Labels } from '../model/index.ts';
import { type Host, type Pod, podsOf, type Topology } from '../scenario/index.ts';
import { lastingLabels, namingLabel } from './labels.ts';
import { type LabelSelector, selectorFor } from './selector.ts';

/** Pods of a namespace that policies treat alike, because they select by labels that last. */
export interface App {
  readonly kind: 'app';
  readonly namespace: string;
  /** Unique in its namespace, and fit for the name of an object. */
  readonly name: string;
  readonly pods: readonly Pod[];
  readonly selector: LabelSelector;
}

/** What policies can tell apart, as a source or as a destination. */
export type Party = App | OutsideAddress;

/** One of the addresses of a host. */
export interface OutsideAddress {
  readonly kind: 'host';
  readonly host: Host;
  readonly address: string;
}

/** Pods of one namespace, not told apart. */
export type Group = readonly Pod[];

/** The pods as far as lasting labels tell them apart, in the order of the topology. */
export const finestGroups = (topology: Topology): readonly Group[] => [
  ...Map.groupBy(podsOf(topology), ({ namespace, labels }) =>
    JSON.stringify([namespace, lastingLabels(labels)]),
  ).values(),
];

/** Positions of groups that might be one application, because the same label names it. */
export const namesakes = (groups: readonly Group[]): readonly (readonly number[])[] => {
  const keyOf = (at: number): string => {
    const [pod] = groups[at] ?? [];
    const label = namingLabel(lastingLabels(pod?.labels ?? {}));
    return JSON.stringify(label ? [pod?.namespace, ...label] : [at]);
  };
  return [...Map.groupBy(groups.keys(), keyOf).values()].filter(({ length }) => length > 1);
};

/** How to select a group among all groups; null if labels can't do it. */
export const selectorOf = (group: Group, groups: readonly Group[]): LabelSelector | null => {
  const beside = groups.filter((other) => other !== group && other[0]?.namespace === group[0]?.namespace);
  return selectorFor(group.map(labelsOf), beside.flat().map(labelsOf));
};

const labelsOf = ({ labels }: Pod): Labels => lastingLabels(labels);

/** Every group as an application, named by its labels, or as its only pod. */
export const appsOf = (groups: readonly Group[]): readonly App[] => {
  const taken = new Set<string>();
  return groups.flatMap((pods): readonly App[] => {
    const [first] = pods;
    const selector = selectorOf(pods, groups);
    if (!first || !selector) return [];
    const { namespace } = first;
    const own = objectName(nameOf(pods, first.name, selector)) || first.name;
    const isFree = (name: string): boolean => !taken.has(`${namespace}/${name}`) && name !== RESERVED;
    const name = namesLike(own, first.name).find(isFree) ?? own;
    taken.add(`${namespace}/${name}`);
    return [{ kind: 'app', namespace, name, pods, selector }];
  });
};

/** As the label says that names it, and as the labels that tell it from others of that name. */
const nameOf = (pods: Group, pod: string, selector: LabelSelector): string => {
  if (pods.length === 1 && pods.every((one) => !namingLabel(labelsOf(one)))) return pod;
  return Object.values(selector.matchLabels ?? {}).join('-') || pod;
};

/** The name of the policy that closes a namespace. */
export const RESERVED = 'default-deny';

const LONGEST = 63;

/** A label's value as part of a name: in lower case, without what names can't have. */
const objectName = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');

function* namesLike(name: string, pod: string): Generator<string> {
  yield name;
  yield objectName(`${name}-${pod}`);
  for (let number = 2; ; number += 1) yield `${name}-${number}`;
}
