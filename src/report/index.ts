import type { Reporter } from '../matrix/index.ts';
import { json } from './json.ts';
import { terminal } from './terminal.ts';

export { coloursOf } from './colours.ts';
export { exitCodeOf } from './exit-code.ts';
export { explanationLines, explanationSummary } from './explain/explanation.ts';
export { explanationJson } from './explain/json.ts';
export { noteLine, noteText } from './note.ts';
export { excerpt, printable, printableLines } from './printable.ts';
export { json, terminal };

/** The reporters by the name that `--reporter` takes. */
export const reporters = { terminal, json } as const satisfies Readonly<Record<string, Reporter>>;
export { routeText } from './explain/route.ts';
