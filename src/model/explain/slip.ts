/** Slips in a selector: labels that it misses by one letter, or by another spelling of their key. */
import { distance } from 'fastest-levenshtein';
import type { Requirement, Selector } from '../policy.ts';
import { hasLabels } from '../selector.ts';
import { type Labels, NAME_LABEL } from '../world.ts';
import { isPartOf, type Label, unmetBy } from './why-labels.ts';

/** A requirement, the label that it asks for, and the one that was most likely meant. */
export interface Correction {
  readonly requirement: Requirement;
  readonly was: Label;
  readonly is: Label;
}

/**
 * How to correct a selector that misses labels only by a slip in one requirement; null if that is not the reason, or if
 * one of the candidates has the label as written: then it may be meant. Looks at the candidates only on demand.
 */
export const correctionOf = (
  selector: Selector,
  labels: Labels,
  candidates: () => readonly Labels[],
): Correction | null => {
  const [unmet, ...others] = unmetBy(selector, labels);
  if (!unmet || others.length > 0 || unmet.requirement.operator !== 'In') return null;
  const { requirement, value } = unmet;
  const found = value === null ? inKey(requirement, labels) : inValue(requirement, value);
  const isInUse = found && candidates().some((other) => hasLabels(other, { [found.was.key]: found.was.value }));
  return isInUse ? null : found;
};

const inValue = (requirement: Requirement, value: string): Correction | null => {
  const { key, values } = requirement;
  const written = values.find((one) => isSlip(one, value));
  return written === undefined ? null : { requirement, was: { key, value: written }, is: { key, value } };
};

const inKey = (requirement: Requirement, labels: Labels): Correction | null => {
  const meant = Object.entries(labels).find(
    ([key, value]) => requirement.values.includes(value) && isKeySlip(requirement.key, key),
  );
  if (!meant) return null;
  const [key, value] = meant;
  return { requirement, was: { key: requirement.key, value }, is: { key, value } };
};

/** A namespace's own name is often sought under a key such as `name`. */
const isKeySlip = (written: string, meant: string): boolean =>
  isSlip(written, meant) || isPartOf(written, meant) || (meant === NAME_LABEL && written.includes('name'));

/**
 * Whether two different words differ by one letter: missing, added, replaced, or swapped with its neighbour. Numbers
 * that differ are no slip, and short words are too much alike for it.
 */
const isSlip = (written: string, meant: string): boolean => {
  const [one, other] = [written.toLowerCase(), meant.toLowerCase()];
  const [a, b] = [withoutDigits(one), withoutDigits(other)];
  if (a === b) return one === other;
  const longest = Math.max(one.length, other.length);
  if (distance(one, other) === 1) return longest >= (one.length === other.length ? 4 : 3);
  return longest >= 3 && isSwapped(one, other);
};

const withoutDigits = (word: string): string => word.replaceAll(/\d/g, '');

/** `wbe` and `web` */
const isSwapped = (one: string, other: string): boolean => {
  const at = [...one].findIndex((letter, index) => letter !== other[index]);
  return one.slice(0, at) + one.charAt(at + 1) + one.charAt(at) + one.slice(at + 2) === other;
};

/** The selector with the requirement corrected; the same object if it has no such requirement. */
export const corrected = (selector: Selector, { requirement, was, is }: Correction): Selector => {
  if (!selector.requirements.includes(requirement)) return selector;
  const values = requirement.values.map((value) => (value === was.value ? is.value : value));
  const instead = { ...requirement, key: is.key, values };
  return { ...selector, requirements: selector.requirements.map((one) => (one === requirement ? instead : one)) };
};
