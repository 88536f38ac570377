/** What many runs showed, for people and for machines. */
export { historyJson } from './json.ts';
export { historyLines } from './text.ts';
