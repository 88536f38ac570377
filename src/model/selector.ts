import type { Requirement, Selector } from './policy.ts';
import type { Labels } from './world.ts';

/**
 * Whether labels meet a requirement. A missing key meets `NotIn` and `DoesNotExist`
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#set-based-requirement).
 */
export const meets = ({ key, operator, values }: Requirement, labels: Labels): boolean => {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const isListed = value !== undefined && values.includes(value);
  switch (operator) {
    case 'In':
      return isListed;
    case 'NotIn':
      return !isListed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
};

/** Whether labels meet every requirement; a selector without any selects everything. */
export const selects = ({ requirements }: Selector, labels: Labels): boolean =>
  requirements.every((requirement) => meets(requirement, labels));

/** Equal for selectors that differ only in order: they select the same. */
export const selectorKey = ({ requirements }: Selector): string =>
  requirements
    .map(({ key, operator, values }) => `${key} ${operator} ${values.toSorted().join(',')}`)
    .toSorted()
    .join(';');

/** Whether labels include every label of a plain selector, such as a Service's. */
export const hasLabels = (labels: Labels, wanted: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
