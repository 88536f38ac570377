/** What part of the matrix is shown. */
/** @import {PageData, PageStep} from '../page-data.ts' */
/** @import {Filter} from './view.js' */
import { looksOf, namespaceOf } from './data.js';
import { element } from './elements.js';

/** @type {Readonly<Record<string, string>>} */
const SEEN_WORDS = {
  allowed: 'seen allowed',
  dropped: 'seen dropped',
  rejected: 'seen rejected',
  allow: 'predicted allowed',
  deny: 'predicted blocked',
};

/**
 * @param {PageData} data
 * @param {PageStep} step
 * @param {Filter} filter
 * @param {(filter: Filter) => void} change
 */
export const createFilters = (data, step, filter, change) => {
  let current = filter;
  /** @param {Partial<Filter>} part */
  const update = (part) => {
    current = { ...current, ...part };
    change(current);
  };
  const made = element('details', { class: 'filters', open: isOpen(filter) }, [
    element('summary', {}, ['Filter and order']),
    element('div', { class: 'fields' }, [
      ...endFields(step, 'from', filter, update),
      ...endFields(step, 'to', filter, update),
      ...choice('verdict', 'Cells', verdictsIn(data, step), filter.verdict, (verdict) => update({ verdict })),
      ...toggle('findings-first', 'Findings first', filter.findingsFirst, (findingsFirst) => update({ findingsFirst })),
      ...(step.groups.length > 0
        ? toggle('grouped', 'Group pods that no cell distinguishes', filter.grouped, (grouped) => update({ grouped }))
        : []),
    ]),
  ]);
  return made;
};

/** @param {Filter} filter */
const isOpen = ({ fromNamespace, toNamespace, fromText, toText, verdict }) =>
  [fromNamespace, toNamespace, fromText, toText, verdict].some((one) => one !== '') || innerWidth > 700;

/**
 * @param {PageStep} step
 * @param {'from' | 'to'} end
 * @param {Filter} filter
 * @param {(part: Partial<Filter>) => void} update
 */
const endFields = (step, end, filter, update) => {
  const ends = end === 'from' ? step.rows : step.columns.map(([one]) => one);
  const namespaces = [...new Set(ends.map((at) => namespaceOf(step.ends[at] ?? '')))].filter((name) => name !== '');
  /** @type {readonly (readonly [string, string])[]} */
  const options = [['', 'every namespace'], ...namespaces.sort().map((name) => /** @type {const} */ ([name, name]))];
  const text = element('input', {
    type: 'search',
    id: `${end}-text`,
    value: filter[`${end}Text`],
    placeholder: 'part of a name',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  text.addEventListener('input', () => update({ [`${end}Text`]: text.value }));
  const word = end === 'from' ? 'From' : 'To';
  return [
    ...choice(`${end}-namespace`, `${word} namespace`, options, filter[`${end}Namespace`], (value) =>
      update({ [`${end}Namespace`]: value }),
    ),
    field(`${end}-text`, `${word} name`, text),
  ];
};

/**
 * @param {PageData} data
 * @param {PageStep} step
 * @returns {readonly (readonly [string, string])[]}
 */
const verdictsIn = ({ statuses }, step) => {
  const used = new Set(looksOf(step));
  const looks = step.looks.filter((_, at) => used.has(at));
  return [
    ['', 'all'],
    ...statuses
      .filter(([status]) => looks.some((look) => look.status === status))
      .map(([status, word]) => /** @type {const} */ ([`status:${status}`, word])),
    ...(looks.some(({ disagrees }) => disagrees)
      ? [/** @type {const} */ (['disagrees', 'the CNI and the specification disagree'])]
      : []),
    ...Object.entries(SEEN_WORDS)
      .filter(([seen]) => looks.some((look) => look.seen === seen))
      .map(([seen, word]) => /** @type {const} */ ([`seen:${seen}`, word])),
  ];
};

/**
 * @param {string} id
 * @param {string} label
 * @param {readonly (readonly [string, string])[]} options
 * @param {string} value
 * @param {(value: string) => void} choose
 */
const choice = (id, label, options, value, choose) => {
  const made = element(
    'select',
    { id },
    options.map(([one, word]) => element('option', { value: one, selected: one === value }, [word])),
  );
  made.addEventListener('change', () => choose(made.value));
  return [field(id, label, made)];
};

/**
 * A label stays with its control.
 * @param {string} id
 * @param {string} label
 * @param {HTMLElement} control
 */
const field = (id, label, control) =>
  element('span', { class: 'field' }, [element('label', { for: id }, [label]), control]);

/**
 * @param {string} id
 * @param {string} label
 * @param {boolean} value
 * @param {(value: boolean) => void} choose
 */
const toggle = (id, label, value, choose) => {
  const made = element('input', { type: 'checkbox', id, checked: value });
  made.addEventListener('change', () => choose(made.checked));
  return [element('span', { class: 'toggle' }, [made, element('label', { for: id }, [label])])];
};
