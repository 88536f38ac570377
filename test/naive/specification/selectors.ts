import { policyIn, type RawSelector } from '../manifest.ts';
import type { Row } from './row.ts';

/** Pods of `prod` that a selector means can be reached by nobody; the others by all. */
const selected = (says: string, podSelector: RawSelector, names: readonly string[]): Row => ({
  says,
  policies: [policyIn('prod', { podSelector })],
  cells: ['web', 'api', 'db'].map(
    (name) => `dev/client > prod/${name} 80/TCP: ${names.includes(name) ? 'deny' : 'allow'}`,
  ),
});
const where = (key: string, operator: string, ...values: string[]) => ({ key, operator, values });

/** Label selectors (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/). */
export const SELECTORS: readonly Row[] = [
  selected(
    'In: "selects all resources with key equal to environment and value equal to production or qa"',
    { matchExpressions: [where('app', 'In', 'web', 'db')] },
    ['web', 'db'],
  ),
  selected(
    'In needs the key: a label that is missing is in no list',
    { matchExpressions: [where('tier', 'In', 'data', 'front')] },
    ['db'],
  ),
  selected(
    'NotIn: "values other than frontend and backend"',
    { matchExpressions: [where('app', 'NotIn', 'web', 'db')] },
    ['api'],
  ),
  selected(
    'NotIn: "and all resources with no labels with the tier key"',
    { matchExpressions: [where('tier', 'NotIn', 'data')] },
    ['web', 'api'],
  ),
  selected(
    'Exists: "all resources including a label with key partition; no values are checked"',
    { matchExpressions: [{ key: 'tier', operator: 'Exists' }] },
    ['api', 'db'],
  ),
  selected(
    'DoesNotExist: "all resources without a label with key partition; no values are checked"',
    { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] },
    ['web'],
  ),
  selected(
    '"The result of matchLabels and matchExpressions are ANDed."',
    { matchLabels: { app: 'db' }, matchExpressions: [where('tier', 'NotIn', 'data')] },
    [],
  ),
  selected('"The requirements are ANDed." (matchLabels)', { matchLabels: { app: 'db', tier: 'data' } }, ['db']),
  selected(
    '"The requirements are ANDed." (matchLabels, one of two)',
    { matchLabels: { app: 'web', tier: 'data' } },
    [],
  ),
  selected(
    '"The requirements are ANDed." (matchExpressions)',
    { matchExpressions: [where('app', 'In', 'web', 'db'), { key: 'tier', operator: 'DoesNotExist' }] },
    ['web'],
  ),
  selected('"An empty label selector matches all objects."', { matchLabels: {}, matchExpressions: [] }, [
    'web',
    'api',
    'db',
  ]),
  selected('Null within a selector is left out', { matchLabels: null, matchExpressions: null }, ['web', 'api', 'db']),
  selected(
    'A key that every object has by birth is no label',
    { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] },
    [],
  ),
  selected('The empty value is a value, and not that of a missing label', { matchLabels: { tier: '' } }, ['api']),
];
