import { distance } from 'fastest-levenshtein';
import { labelDistance } from '../explain/why-labels.ts';
import type { Requirement, Selector } from '../policy.ts';
import { meets } from '../selector.ts';
import { type Labels, NAME_LABEL } from '../world.ts';
import type { Topology } from './topology.ts';

interface Labelled {
  readonly name: string;
  readonly labels: Labels;
}

/**
 * What comes nearest to a selector that selects none of the candidates, as the end of a sentence: the label that was
 * perhaps meant and which pod has it, or the label that rules a candidate out. Empty if no label is worth mentioning,
 * or if there were enough hints already.
 */
export const nearestText = (
  { requirements }: Selector,
  candidates: readonly Labelled[],
  { hints }: Pick<Topology, 'hints'>,
): string => {
  hints.left -= 1;
  if (hints.left < 0) return '';
  const near = nearMissesOf(requirements, candidates);
  const [ruledOut] = near.filter(({ missed }) => missed.operator === 'NotIn' || missed.operator === 'DoesNotExist');
  if (ruledOut) {
    const { key } = ruledOut.missed;
    return `; the label ${key}=${ruledOut.labels[key]} rules ${ruledOut.name} out`;
  }
  const found = nearestLabel(near, isAlike) ?? nearestLabel(near, isTelling);
  if (!found) return '';
  const { name, label } = found;
  return requirements.length > 1
    ? `; ${name} comes nearest, with ${label}`
    : `; the nearest label is ${label} (${name})`;
};

interface NearMiss extends Labelled {
  /** The first requirement that it does not meet. */
  readonly missed: Requirement;
}

/** The candidates that miss the fewest requirements. */
const nearMissesOf = (requirements: readonly Requirement[], candidates: readonly Labelled[]): readonly NearMiss[] => {
  let fewest = requirements.length;
  let near: NearMiss[] = [];
  for (const { name, labels } of candidates) {
    let count = 0;
    let missed: Requirement | null = null;
    for (const requirement of requirements)
      if (!meets(requirement, labels)) {
        count += 1;
        missed ??= requirement;
      }
    if (!missed || count > fewest) continue;
    if (count < fewest) near = [];
    fewest = count;
    near.push({ name, labels, missed });
  }
  return near;
};

type Comparison = (requirement: Requirement, key: string, value: string) => boolean;

const isAlike: Comparison = (wanted, key, value) =>
  (wanted.key === key && (key !== NAME_LABEL || isMisspelt(wanted, value))) || wanted.values.includes(value);

/** A namespace with quite another name is another namespace, whose manifests are elsewhere. */
const isMisspelt = ({ values }: Requirement, name: string): boolean =>
  values.some((written) => distance(written, name) <= Math.max(1, written.length / 4));

/** Every namespace has its name as a label, so that label says nothing; nor does any other where a name is sought. */
const isTelling: Comparison = (wanted, key) => key !== NAME_LABEL && wanted.key !== NAME_LABEL;

interface Nearest {
  readonly name: string;
  readonly label: string;
}

const nearestLabel = (near: readonly NearMiss[], compares: Comparison): Nearest | null => {
  let least = Number.POSITIVE_INFINITY;
  let nearest: Nearest | null = null;
  for (const { name, labels, missed } of near)
    for (const key in labels) {
      const value = labels[key] as string;
      if (!compares(missed, key, value)) continue;
      const far = labelDistance(missed, { key, value });
      if (far >= least) continue;
      least = far;
      nearest = { name, label: `${key}=${value}` };
    }
  return nearest;
};
