/**
 * Makes an element. Texts become text nodes, so nothing in them is ever read as HTML.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Readonly<Record<string, string | number | boolean | undefined>>} attributes true is an empty attribute, false and undefined none
 * @param {readonly (Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const element = (tag, attributes = {}, children = []) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  made.append(...children);
  return made;
};

/**
 * A button that does something.
 * @param {string} text
 * @param {() => void} act
 * @param {Readonly<Record<string, string | undefined>>} attributes
 */
export const button = (text, act, attributes = {}) => {
  const made = element('button', { type: 'button', ...attributes }, [text]);
  made.addEventListener('click', act);
  return made;
};

/**
 * A list under a heading, or nothing if it is empty.
 * @param {string} heading
 * @param {readonly string[]} lines
 * @param {{readonly open?: boolean}} options
 */
export const foldedList = (heading, lines, { open = false } = {}) =>
  lines.length === 0
    ? []
    : [
        element('details', { class: 'folded', open }, [
          element('summary', {}, [`${heading} (${lines.length})`]),
          element(
            'ul',
            {},
            lines.map((line) => element('li', {}, [line])),
          ),
        ]),
      ];

/** What a screen reader says about a change elsewhere. */
const announcer = element('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });

/** @param {HTMLElement} parent */
export const placeAnnouncer = (parent) => parent.append(announcer);

/** @param {string} text */
export const announce = (text) => {
  announcer.textContent = text;
};
