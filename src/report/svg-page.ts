/** A picture that needs no other file: drawings with headings below each other, light or dark as the reader has it. */
import { excerpt } from '../text.ts';
import { widthOf } from '../width.ts';
import { xmlTag, xmlText } from './xml.ts';

/** Of the font, in pixels. */
export const CHARACTER = { width: 7.3, height: 12 };

const MARGIN = 16;
const LINE = 18;
const GAP = 28;
/** Between the parts of a section. */
const SPACE = 8;
const TEXT_CODE_POINTS = 200;

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly parts: readonly string[];
}

export interface SvgPage {
  /** What a screen reader says of the picture as a whole. */
  readonly title: string;
  readonly description?: string;
  /** What the classes of its shapes look like. */
  readonly style: string;
  readonly head: readonly string[];
  readonly sections: readonly Drawing[];
}

const STYLE = `
  text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); white-space: pre; }
  .title { font-weight: bold; font-size: 14px; }
  .mark { text-anchor: middle; }
  .row { text-anchor: end; }
  svg, :root { --paper: #ffffff; --ink: #1f2328; }
  @media (prefers-color-scheme: dark) { svg, :root { --paper: #0d1117; --ink: #e6edf3; } }
`;

/** The file in parts. */
export function* svgParts({ title, description, style, head, sections }: SvgPage): Generator<string> {
  const lines = head.map((line) => excerpt(line, TEXT_CODE_POINTS));
  const width = Math.max(...[200, ...sections.map((one) => one.width), ...lines.map(titleWidth)]) + 2 * MARGIN;
  const height =
    sections.reduce((sum, one) => sum + one.height + GAP, 0) +
    lines.length * LINE +
    (lines.length > 0 ? SPACE : 0) +
    2 * MARGIN -
    (sections.length > 0 ? GAP : 0);
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `${xmlTag('svg', { xmlns: 'http://www.w3.org/2000/svg', role: 'img', ...size })}\n`;
  yield `  <title>${xmlText(title)}</title>\n`;
  if (description !== undefined) yield `  <desc>${xmlText(description)}</desc>\n`;
  yield `  <style>${STYLE}${style}  </style>\n`;
  yield '  <rect width="100%" height="100%" style="fill: var(--paper)"></rect>\n';
  let y = MARGIN;
  for (const line of lines) {
    yield textAt(MARGIN, y + CHARACTER.height, line, 'title');
    y += LINE;
  }
  if (lines.length > 0) y += SPACE;
  for (const section of sections) {
    yield* movedTo(MARGIN, y, section.parts);
    y += section.height + GAP;
  }
  yield '</svg>\n';
}

/** A heading, and drawings below it. */
export const drawSection = (words: string, drawings: readonly Drawing[]): Drawing => {
  const heading = excerpt(words, TEXT_CODE_POINTS);
  const parts = [textAt(0, CHARACTER.height, heading, 'title')];
  let y = LINE;
  for (const { height, parts: own } of drawings) {
    y += SPACE;
    parts.push(...movedTo(0, y, own));
    y += height;
  }
  return { width: Math.max(titleWidth(heading), ...drawings.map(({ width }) => width)), height: y, parts };
};

/** Lines of printable text. */
export const drawLines = (lines: readonly string[]): Drawing => ({
  width: widest(lines),
  height: lines.length * LINE,
  parts: lines.map((line, at) => textAt(0, (at + 1) * LINE - 4, line, 'key')),
});

export const widest = (texts: readonly string[]): number =>
  Math.ceil(texts.reduce((most, text) => Math.max(most, widthOf(text)), 0) * CHARACTER.width);

const titleWidth = (text: string): number => widest([text]) * 1.2;

const movedTo = (x: number, y: number, parts: readonly string[]): readonly string[] => [
  `  ${xmlTag('g', { transform: `translate(${x} ${y})` })}\n`,
  ...parts,
  '  </g>\n',
];

const textAt = (x: number, y: number, text: string, className: string): string =>
  `  ${xmlTag('text', { x, y, class: className })}${xmlText(text)}</text>\n`;
