import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

const ASCII = /^[\x20-\x7e]*$/v;

/** The width of a printable text in columns of a terminal. */
export const widthOf = (text: string): number => (ASCII.test(text) ? text.length : stringWidth()(text));

/** The library takes longer to load than all that --help needs, so it is loaded for the first text that needs it. */
const stringWidth = (): typeof import('string-width').default => require('string-width').default;
