import { json } from './json.ts';
import type { Reporter } from './result.ts';
import { terminal } from './terminal.ts';

export { coloursOf } from './colours.ts';
export { exitCodeOf } from './exit-code.ts';
export { explanationLines, explanationSummary } from './explanation.ts';
export { explanationJson } from './explanation-json.ts';
export { noteLine, noteText } from './note-text.ts';
export { excerpt, printable, printableLines } from './printable.ts';
export type * from './result.ts';
export { whyOf } from './why.ts';
export { json, terminal };

/** The reporters by the name that `--reporter` takes. */
export const reporters = { terminal, json } as const satisfies Readonly<Record<string, Reporter>>;
export { routeText } from './route-text.ts';
