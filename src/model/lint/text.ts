import { listed } from '../../text.ts';
import type { PolicyPort, Requirement, Selector } from '../policy.ts';

/** `app=web,env in (dev,qa),!legacy`, as kubectl prints a selector; `{}` for one that selects everything. */
export const selectorText = ({ requirements }: Selector): string => shortened(requirements, requirementText) || '{}';

/** Nobody reads a longer sentence. */
const MOST_ITEMS = 10;

const shortened = <Item>(items: readonly Item[], text: (item: Item) => string): string =>
  [...items.slice(0, MOST_ITEMS).map(text), ...(items.length > MOST_ITEMS ? ['…'] : [])].join();

const requirementText = ({ key, operator, values }: Requirement): string => {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  if (operator === 'In' && values.length === 1) return `${key}=${values[0]}`;
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${shortened(values, String)})`;
};

const MOST_NAMES = 3;

/** `prod/a, prod/b, prod/c and 4 more` */
export const listText = (names: readonly string[]): string => {
  if (names.length > MOST_NAMES + 1) return listed(names, MOST_NAMES);
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
};

/** `namespace prod` or `namespaces prod and dev` */
export const namespacesText = (namespaces: readonly { readonly name: string }[]): string =>
  `namespace${namespaces.length > 1 ? 's' : ''} ${listText(namespaces.map(({ name }) => name))}`;

/** `80/TCP`, `8000-8010/TCP`, `http/TCP`, `all TCP` */
export const portName = (port: PolicyPort): string => {
  const { protocol } = port;
  if ('name' in port) return `${port.name}/${protocol}`;
  const { first, last } = port;
  if (first === 1 && last === 65_535) return `all ${protocol}`;
  return `${first === last ? first : `${first}-${last}`}/${protocol}`;
};
