/** Which requirements of a selector the labels fail, and which labels were perhaps meant. */
import { distance } from 'fastest-levenshtein';
import type { Requirement, Selector } from '../policy.ts';
import { meets } from '../selector.ts';
import { type Labels, NAME_LABEL } from '../world.ts';

export interface Label {
  readonly key: string;
  readonly value: string;
}

/** A requirement, and the value that the labels have for its key: null if they don't have the key. */
export interface LabelFact {
  readonly requirement: Requirement;
  readonly value: string | null;
}

/** A requirement that labels don't meet. */
export interface Unmet extends LabelFact {
  /** If the key is missing: the label that was perhaps meant. */
  readonly near: Label | null;
  /** All labels, except the one that Kubernetes sets. */
  readonly labels: readonly Label[];
}

/** Each requirement of a selector, with the value that the labels have for its key. */
export const factsOf = ({ requirements }: Selector, labels: Labels): readonly LabelFact[] =>
  requirements.map((requirement) => ({ requirement, value: labelValue(labels, requirement.key) }));

/** The requirements that labels don't meet, in order. Finds the label that was meant only on demand. */
export const unmetBy = ({ requirements }: Selector, labels: Labels): readonly Unmet[] => {
  const unmet = requirements.filter((requirement) => !meets(requirement, labels));
  if (unmet.length === 0) return [];
  const own = labelsOf(labels);
  return unmet.map((requirement) => {
    const value = labelValue(labels, requirement.key);
    return {
      requirement,
      value,
      labels: own,
      get near() {
        return value === null ? nearestLabel(requirement, own) : null;
      },
    };
  });
};

/**
 * The number of edits between a label and what a requirement asks for; under another key, a label whose value fits is
 * near.
 */
export const labelDistance = ({ key, values }: Requirement, label: Label): number => {
  const ofKeys = keyDistance(key, label.key);
  const ofValues =
    values.length === 0
      ? 0
      : values.reduce((least, value) => Math.min(least, distance(value, label.value)), Number.POSITIVE_INFINITY);
  return (values.includes(label.value) ? Math.min(ofKeys, 1) : ofKeys) + ofValues;
};

const nearestLabel = (requirement: Requirement, labels: readonly Label[]): Label | null => {
  const { key, values } = requirement;
  const near = labels.filter(
    (label) => values.includes(label.value) || keyDistance(key, label.key) <= Math.max(1, Math.floor(key.length / 3)),
  );
  const measured = near.map((label) => ({ label, distance: labelDistance(requirement, label) }));
  return measured.toSorted((a, b) => a.distance - b.distance)[0]?.label ?? null;
};

/** Edits between two keys; a key that is part of the other is near. */
const keyDistance = (one: string, other: string): number => {
  if (one === other) return 0;
  return isPartOf(one, other) ? 1 : distance(one.toLowerCase(), other.toLowerCase());
};

/** Whether one key is part of the other: `env` and `environment`, `app` and `example.com/app`. */
export const isPartOf = (one: string, other: string): boolean => {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a.startsWith(b) || b.startsWith(a) || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
};

const labelValue = (labels: Labels, key: string): string | null =>
  Object.hasOwn(labels, key) ? (labels[key] ?? null) : null;

const labelsOf = (labels: Labels): readonly Label[] =>
  Object.entries(labels)
    .filter(([key]) => key !== NAME_LABEL)
    .map(([key, value]) => ({ key, value }));
