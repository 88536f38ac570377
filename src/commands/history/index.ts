/** What other commands write for `podreach history`. */
export { openHistory } from './folder.ts';
