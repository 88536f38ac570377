import type { Path } from '../model/index.ts';
import type { Draft } from './mutant.ts';
import { listIn, mappingIn } from './tree.ts';

/** A selector that selects everything, and each label in it misspelt. */
export function* draftsOfSelector(selector: unknown, path: Path, of: 'pods' | 'namespaces'): Generator<Draft> {
  const { matchLabels, matchExpressions } = mappingIn(selector);
  const labels = Object.entries(mappingIn(matchLabels));
  const expressions = listIn(matchExpressions);
  if (labels.length + expressions.length > 0) yield { edit: { kind: 'all-selected', of }, path, value: {} };
  for (const [key, value] of labels) yield misspelt(String(value), [...path, 'matchLabels', key]);
  for (const [at, expression] of expressions.entries()) {
    const own = [...path, 'matchExpressions', at];
    const { key, values } = mappingIn(expression);
    const [first] = listIn(values);
    if (first === undefined) yield misspelt(String(key), [...own, 'key']);
    else yield misspelt(String(first), [...own, 'values', 0]);
  }
}

/** Still a label, whatever it was. */
const misspelt = (text: string, path: Path): Draft => {
  const to = text === '' ? 'x' : `${text.slice(0, 62)}x`;
  return { edit: { kind: 'text', from: text, to }, path, value: to };
};
