/** The matrices of a run as one picture, which needs no other file: for a README, a ticket or a slide. */
import type { RunResult, ScenarioResult, StepResult } from '../matrix/index.ts';
import { excerpt } from '../text.ts';
import { widthOf } from '../width.ts';
import { drawable } from './matrix-sections.ts';
import { outcomeText } from './outcome.ts';
import type { CreateReporter } from './reporter.ts';
import { STATUS_WORDS } from './summary.ts';
import { CHARACTER, type Drawing, drawMatrix } from './svg-matrix.ts';
import { xmlTag, xmlText } from './xml.ts';

const MARGIN = 16;
const LINE = 18;
const GAP = 28;
/** Of the keys below a matrix, in characters. */
const KEY_WIDTH = 100;
const TEXT_CODE_POINTS = 200;

export const createSvg: CreateReporter = ({ full = false }) => ({ onEnd: (result) => svgText(result, full) });

/** Light and dark as the reader has it; a mark says the same as a colour. */
const STYLE = `
  text { font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; fill: var(--ink); white-space: pre; }
  .title { font-weight: bold; font-size: 14px; }
  .mark { text-anchor: middle; }
  .row { text-anchor: end; }
  svg, :root { --paper: #ffffff; --ink: #1f2328; --allowed: #b4e3bd; --blocked: #e6e8eb; --wrong: #ff9a94; --broken: #d9b8ff; --doubtful: #f3dd96; --self: #ffffff; --line: #8b949e; }
  .allowed { fill: var(--allowed); } .blocked { fill: var(--blocked); } .wrong { fill: var(--wrong); stroke: #c4001d; stroke-width: 2; }
  .broken { fill: var(--broken); stroke: #8a2be2; stroke-width: 2; } .doubtful { fill: var(--doubtful); } .self { fill: var(--self); }
  @media (prefers-color-scheme: dark) {
    svg, :root { --paper: #0d1117; --ink: #e6edf3; --allowed: #1f5c2e; --blocked: #30363d; --wrong: #8e1519; --broken: #57318a; --doubtful: #6b5410; --self: #0d1117; --line: #6e7681; }
    .wrong { stroke: #ff7b72; } .broken { stroke: #d2a8ff; }
  }
`;

function* svgText({ scenarios, problem }: RunResult, full: boolean): Generator<string> {
  const sections = scenarios.flatMap((scenario) => scenario.steps.map((step) => sectionOf(step, scenario, full)));
  const head = problem === undefined ? [] : [`error: ${excerpt(problem, TEXT_CODE_POINTS)}`];
  const width = Math.max(...[200, ...sections.map((one) => one.width), ...head.map(textWidth)]) + 2 * MARGIN;
  const height =
    sections.reduce((sum, one) => sum + one.height + GAP, 0) +
    head.length * LINE +
    2 * MARGIN -
    (sections.length > 0 ? GAP : 0);
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `${xmlTag('svg', { xmlns: 'http://www.w3.org/2000/svg', role: 'img', ...size })}\n`;
  yield '  <title>Reachability matrices by podreach</title>\n';
  yield `  <style>${STYLE}  </style>\n`;
  yield '  <rect width="100%" height="100%" style="fill: var(--paper)"></rect>\n';
  let y = MARGIN;
  for (const line of head) {
    yield textAt(MARGIN, y + CHARACTER.height, line, 'title');
    y += LINE;
  }
  for (const section of sections) {
    yield `  ${xmlTag('g', { transform: `translate(${MARGIN} ${y})` })}\n`;
    yield* section.parts;
    yield '  </g>\n';
    y += section.height + GAP;
  }
  yield '</svg>\n';
}

const sectionOf = (step: StepResult, { name }: ScenarioResult, full: boolean): Drawing => {
  const title = step.name === name ? name : `${name}: ${step.name}`;
  const words = step.status === 'pass' ? '' : `: ${outcomeText(step)}`;
  const heading = excerpt(`${STATUS_WORDS[step.status]}  ${title}${words}`, TEXT_CODE_POINTS);
  const { picture, keys } = drawable(step.cells, { width: KEY_WIDTH, full });
  const matrix = drawMatrix(picture);
  const below = LINE + 8 + matrix.height + 8;
  return {
    width: Math.max(matrix.width, textWidth(heading) * 1.2, ...keys.map(textWidth)),
    height: below + keys.length * LINE,
    parts: [
      textAt(0, CHARACTER.height, heading, 'title'),
      `  ${xmlTag('g', { transform: `translate(0 ${LINE + 8})` })}\n`,
      ...matrix.parts,
      '  </g>\n',
      ...keys.map((key, at) => textAt(0, below + (at + 1) * LINE - 4, key, 'key')),
    ],
  };
};

const textWidth = (text: string): number => Math.ceil(widthOf(text) * CHARACTER.width);

const textAt = (x: number, y: number, text: string, className: string): string =>
  `  ${xmlTag('text', { x, y, class: className })}${xmlText(text)}</text>\n`;
