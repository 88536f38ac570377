import { quoted } from '../../text.ts';
import type { Requirement, Selector } from '../policy.ts';
import { checkLabelKey, readLabelValue } from './label.ts';
import { at, type Spot } from './spot.ts';
import { type Belongs, type Mapping, readItems, readMapping, readText, readWord, type Tell } from './value.ts';

/**
 * Reads a label selector (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/); one
 * without requirements selects everything. Parts reported as wrong are left out.
 */
export const readSelector = (value: unknown, spot: Spot, tell: Tell): Selector => {
  const { path } = spot;
  const selector = readMapping(value, SELECTOR_KEYS, spot, tell, belongsInSelector);
  if (!selector) return { requirements: [], path };
  const requirements = readItems(selector.matchExpressions, at(spot, 'matchExpressions'), tell, readExpression);
  const labels = readLabels(selector.matchLabels ?? null, at(spot, 'matchLabels'), tell);
  return { requirements: [...labels, ...requirements], path };
};

const SELECTOR_KEYS = ['matchLabels', 'matchExpressions'];
/** A string beside them is most likely a label; a mapping or list is most likely one of them, misspelt. */
const belongsInSelector: Belongs = (key, value) =>
  typeof value === 'object' && value !== null ? null : `${quoted(key)} is a label: it belongs under matchLabels`;

const EXPRESSION_KEYS = ['key', 'operator', 'values'];
const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;

const readLabels = (value: unknown, spot: Spot, tell: Tell): readonly Requirement[] => {
  const labels = value === null ? null : readMapping(value, null, spot, tell);
  if (!labels) return [];
  return Object.keys(labels).map((key): Requirement => {
    const own = at(spot, key);
    checkLabelKey(key, own, tell, 'key');
    return { key, operator: 'In', values: [readLabelValue(labels[key], own, tell)], path: own.path };
  });
};

const readExpression = (value: unknown, spot: Spot, tell: Tell): Requirement | null => {
  const expression = readMapping(value ?? {}, EXPRESSION_KEYS, spot, tell);
  if (!expression) return null;
  const key = readKey(expression, spot, tell);
  const operator = readOperator(expression, spot, tell);
  const values = readItems(expression.values, at(spot, 'values'), tell, readLabelValue);
  if (operator === null || key === null) return null;
  const takesValues = operator === 'In' || operator === 'NotIn';
  if (!takesValues && values.length > 0) tell(at(spot, 'values'), `${operator} takes no values`, 'key');
  if (takesValues && Array.isArray(expression.values ?? []) && values.length === 0)
    tell(spot, `${operator} needs values`);
  return { key, operator, values, path: spot.path };
};

const readKey = ({ key = null }: Mapping, spot: Spot, tell: Tell): string | null => {
  if (key === null) {
    tell(spot, 'key is missing: the key of a label');
    return null;
  }
  const text = readText(key, at(spot, 'key'), tell);
  if (text !== null) checkLabelKey(text, at(spot, 'key'), tell);
  return text;
};

const readOperator = ({ operator = null }: Mapping, spot: Spot, tell: Tell): Requirement['operator'] | null => {
  if (operator !== null) return readWord(operator, OPERATORS, 'operator', at(spot, 'operator'), tell);
  tell(spot, `operator is missing: ${OPERATORS.join(', ')}`);
  return null;
};
