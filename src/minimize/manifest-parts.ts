/** Parts of a manifest, which is plain data of any form. */
import type { Path } from '../model/index.ts';

export const itemsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const keysOf = (value: unknown): readonly string[] => Object.keys(Object(value));

export const mappingAt = (value: unknown, key: string): Readonly<Record<string, unknown>> => Object(Object(value)[key]);

/** Each requirement of a selector, and each value where there are several. */
export const selectorParts = (selector: unknown, path: Path): readonly Path[] => [
  ...keysOf(mappingAt(selector, 'matchLabels')).map((key) => [...path, 'matchLabels', key]),
  ...itemsOf(Object(selector).matchExpressions).flatMap((expression, at): readonly Path[] => {
    const own = [...path, 'matchExpressions', at];
    const values = itemsOf(Object(expression).values);
    return [own, ...(values.length > 1 ? values.map((_, which) => [...own, 'values', which]) : [])];
  }),
];
