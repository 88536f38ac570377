/** How much room names need. */
/** @import {PageStep} from '../page-data.ts' */
/** @import {View} from './view.js' */

/** Enough for a wide font; names that are longer are cut. */
const CHARACTER_WIDTH = 8.2;

/** @param {PageStep} step @param {View} view */
export const sizesOf = (step, { rows, columns }) => {
  /** @param {View['rows']} lines */
  const longest = (lines) =>
    lines.reduce(
      (most, { end, members }) => Math.max(most, (step.ends[end] ?? '').length + (members.length > 1 ? 5 : 0)),
      4,
    );
  const most = Math.min(260, Math.max(110, Math.floor(document.documentElement.clientWidth * 0.36)));
  const port = step.heads.reduce((longestHead, head) => Math.max(longestHead, head.length), 0);
  return {
    names: Math.min(most, Math.ceil(longest(rows) * CHARACTER_WIDTH) + 20),
    heads: Math.min(240, Math.ceil((longest(columns) + port + 1) * CHARACTER_WIDTH) + 20),
  };
};
