import type { Labels, Selector } from '../model/index.ts';

/** Labels that meet the selector, the same without one of them, and none at all; and what it excludes. */
export function* variantsOf({ requirements }: Selector): Generator<Labels> {
  const met = requirements.filter(({ operator }) => operator === 'In' || operator === 'Exists');
  const labels = Object.fromEntries(met.map(({ key, values }) => [key, values[0] ?? 'x']));
  yield labels;
  for (const { key, operator, values } of requirements) {
    const { [key]: _, ...others } = labels;
    yield operator === 'NotIn' || operator === 'DoesNotExist' ? { ...labels, [key]: values[0] ?? 'x' } : others;
  }
  yield {};
}

export const isEqual = (one: Labels, other: Labels): boolean => {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
};
