/** The scenarios of the run, to choose from. */
/** @import {PageData} from '../page-data.ts' */

import { counted } from './data.js';
import { announce, button, element } from './elements.js';

/**
 * @param {PageData} data
 * @param {(scenario: number) => void} choose
 */
export const createNavigation = ({ scenarios }, choose) => {
  const items = scenarios.map(({ name, word, status }, at) => {
    const made = button('', () => choose(at), { class: 'scenario' });
    made.append(
      element('span', { class: `badge status-${status}` }, [word]),
      element('span', { class: 'end' }, [name]),
    );
    return element('li', {}, [made]);
  });
  const text = element('input', { type: 'search', id: 'scenario-text', autocomplete: 'off', spellcheck: 'false' });
  const status = element('select', { id: 'scenario-status' }, [
    element('option', { value: '' }, ['all']),
    ...[...new Map(scenarios.map((one) => [one.status, one.word]))].map(([value, word]) =>
      element('option', { value }, [word]),
    ),
  ]);
  const filter = () => {
    const wanted = text.value.toLowerCase();
    const shown = scenarios.map(
      ({ name, status: its }) => name.toLowerCase().includes(wanted) && (status.value === '' || its === status.value),
    );
    for (const [at, item] of items.entries()) item.hidden = !shown[at];
    announce(`${counted(shown.filter(Boolean).length, 'scenario')} shown`);
  };
  text.addEventListener('input', filter);
  status.addEventListener('change', filter);
  const made = element('nav', { class: 'scenarios', 'aria-label': 'Scenarios' }, [
    element('details', { open: innerWidth > 900 }, [
      element('summary', {}, [counted(scenarios.length, 'scenario')]),
      element('div', { class: 'fields' }, [
        element('label', { for: 'scenario-text' }, ['Name']),
        text,
        element('label', { for: 'scenario-status' }, ['Result']),
        status,
      ]),
      element('ul', {}, items),
    ]),
  ]);
  made.hidden = scenarios.length < 2;
  return {
    element: made,
    /** @param {number} scenario */
    mark: (scenario) => {
      for (const [at, item] of items.entries()) {
        const target = item.firstElementChild;
        if (at === scenario) {
          target?.setAttribute('aria-current', 'true');
          target?.scrollIntoView({ block: 'nearest' });
        } else target?.removeAttribute('aria-current');
      }
    },
  };
};
