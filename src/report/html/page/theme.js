import { button } from './elements.js';

/** What the button switches to next. */
const NEXT = /** @type {const} */ ({ system: 'light', light: 'dark', dark: 'system' });
const KEY = 'podreach-theme';

/** @typedef {keyof typeof NEXT} Theme */

/** Storage may be forbidden. @returns {Theme} */
const remembered = () => {
  try {
    const found = localStorage.getItem(KEY);
    return found === 'light' || found === 'dark' ? found : 'system';
  } catch {
    return 'system';
  }
};

/** @param {Theme} theme */
const remember = (theme) => {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It then lasts as long as the page.
  }
};

/** A button that goes through the themes. */
export const themeButton = () => {
  let theme = remembered();
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    made.textContent = `Theme: ${theme}`;
  };
  const made = button('', () => {
    theme = NEXT[theme];
    remember(theme);
    apply();
  });
  apply();
  return made;
};
