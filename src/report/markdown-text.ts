/** Markdown as GitHub and GitLab render it, within the size of a comment. */
import { excerpt, plural } from '../text.ts';

/** Of a comment on a pull request; a step summary may have 1 MiB. Bytes, so that it holds however they are counted. */
const BYTES_AT_MOST = 65_536;
/** For the line that says what is missing. */
const RESERVE_BYTES = 200;
const TEXT_CODE_POINTS = 400;

/** Text that is shown as a whole or not at all. What it is about is counted if it is not. */
export interface Block {
  readonly text: string;
  readonly about?: Noun;
}

type Noun = readonly [one: string, many: string];

const PART: Noun = ['part', 'parts'];

/** The blocks that fit, in their order, and how many do not. */
export const fitted = (blocks: readonly Block[]): readonly string[] => {
  let left = BYTES_AT_MOST - RESERVE_BYTES;
  const kept: string[] = [];
  for (const { text } of blocks) {
    const bytes = Buffer.byteLength(text);
    if (bytes > left) break;
    left -= bytes;
    kept.push(text);
  }
  const missing = Map.groupBy(
    blocks.slice(kept.length).filter(({ text }) => text.trim() !== ''),
    ({ about: [one] = PART }) => one,
  );
  const counts = [...missing].map(([one, { 0: first, length }]) =>
    plural(length, `more ${one}`, `more ${(first?.about ?? PART)[1]}`),
  );
  return counts.length === 0 ? kept : [...kept, `\n${counts.join(', ')} of this report did not fit here.\n`];
};

/**
 * Text that is not podreach's own, in <code>, where neither links nor mentions are made of it. Every sign of it that
 * Markdown or HTML knows is an entity: everything in ASCII but letters, digits, blanks and what stands in most names.
 */
export const code = (text: string): string => `<code>${entities(text)}</code>`;

/** The same for lines with columns, which line up only here. */
export const pre = (lines: readonly string[]): string => `<pre>${lines.map(entities).join('\n')}</pre>\n`;

const entities = (text: string): string =>
  excerpt(text, TEXT_CODE_POINTS).replace(/[!-,:-@[-`{-~.]/g, (sign) => `&#${sign.charCodeAt(0)};`);
