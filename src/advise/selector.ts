import type { Labels } from '../model/index.ts';
import { compareKeys } from './labels.ts';

/** A label selector as manifests have it; without any condition it selects everything. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: 'DoesNotExist' }[];
}

/** A label that all members have, or a key that none has. */
interface Condition {
  readonly key: string;
  readonly value: string | null;
}

/**
 * Selects the members and none of the others: by the best label that the members share, and by as many more as that takes.
 * null if labels can't do it.
 */
export const selectorFor = (members: readonly Labels[], others: readonly Labels[]): LabelSelector | null => {
  const [first = {}] = members;
  const shared = Object.entries(first)
    .filter(([key, value]) => members.every((labels) => valueIn(labels, key) === value))
    .map(([key, value]): Condition => ({ key, value }))
    .toSorted((one, other) => compareKeys(one.key, other.key));
  const chosen = shared.slice(0, 1);
  let left = others.filter((labels) => chosen.every((condition) => isMet(condition, labels)));
  const choose = (condition: Condition): void => {
    const still = left.filter((labels) => isMet(condition, labels));
    if (still.length < left.length) chosen.push(condition);
    left = still;
  };
  shared.slice(1).forEach(choose);
  [...new Set(left.flatMap(Object.keys))]
    .filter((key) => members.every((labels) => valueIn(labels, key) === null))
    .toSorted(compareKeys)
    .map((key): Condition => ({ key, value: null }))
    .forEach(choose);
  return left.length > 0 ? null : written(chosen);
};

const valueIn = (labels: Labels, key: string): string | null =>
  Object.hasOwn(labels, key) ? (labels[key] ?? null) : null;

const isMet = ({ key, value }: Condition, labels: Labels): boolean => valueIn(labels, key) === value;

const written = (conditions: readonly Condition[]): LabelSelector => {
  const equal = conditions.flatMap(({ key, value }) => (value === null ? [] : [[key, value] as const]));
  const absent = conditions.flatMap(({ key, value }) =>
    value === null ? [{ key, operator: 'DoesNotExist' as const }] : [],
  );
  return {
    ...(equal.length > 0 && { matchLabels: Object.fromEntries(equal) }),
    ...(absent.length > 0 && { matchExpressions: absent }),
  };
};
