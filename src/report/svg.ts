/** The matrices of a run as one picture, which needs no other file: for a README, a ticket or a slide. */
import type { Cell, RunResult, ScenarioResult, StepResult } from '../matrix/index.ts';
import { comparedSvg } from './compare/svg.ts';
import { type Look, lookOf, markOf, meaningOf } from './mark.ts';
import { drawable } from './matrix-sections.ts';
import { outcomeText } from './outcome.ts';
import type { Picture } from './picture.ts';
import type { CreateReporter } from './reporter.ts';
import { STATUS_WORDS } from './summary.ts';
import { type DrawnCell, drawMatrix } from './svg-matrix.ts';
import { type Drawing, drawLines, drawSection, svgParts } from './svg-page.ts';

/** Of the keys below a matrix, in characters. */
const KEY_WIDTH = 100;

export const createSvg: CreateReporter = ({ full = false }) => ({
  onEnd: (result) => svgText(result, full),
  onCompared: comparedSvg,
});

/** A mark says the same as a colour. */
const STYLE = `
  svg, :root { --allowed: #b4e3bd; --blocked: #e6e8eb; --wrong: #ff9a94; --broken: #d9b8ff; --doubtful: #f3dd96; --self: #ffffff; }
  .allowed { fill: var(--allowed); } .blocked { fill: var(--blocked); } .wrong { fill: var(--wrong); stroke: #c4001d; stroke-width: 2; }
  .broken { fill: var(--broken); stroke: #8a2be2; stroke-width: 2; } .doubtful { fill: var(--doubtful); } .self { fill: var(--self); }
  @media (prefers-color-scheme: dark) {
    svg, :root { --allowed: #1f5c2e; --blocked: #30363d; --wrong: #8e1519; --broken: #57318a; --doubtful: #6b5410; --self: #0d1117; }
    .wrong { stroke: #ff7b72; } .broken { stroke: #d2a8ff; }
  }
`;

const svgText = ({ scenarios, problem }: RunResult, full: boolean): Iterable<string> =>
  svgParts({
    title: 'Reachability matrices by podreach',
    style: STYLE,
    head: problem === undefined ? [] : [`error: ${problem}`],
    sections: scenarios.flatMap((scenario) => scenario.steps.map((step) => sectionOf(step, scenario, full))),
  });

const sectionOf = (step: StepResult, { name }: ScenarioResult, full: boolean): Drawing => {
  const title = step.name === name ? name : `${name}: ${step.name}`;
  const words = step.status === 'pass' ? '' : `: ${outcomeText(step)}`;
  const { picture, keys } = drawable(step.cells, { width: KEY_WIDTH, full });
  return drawSection(`${STATUS_WORDS[step.status]}  ${title}${words}`, [matrixOf(picture), drawLines(keys)]);
};

const matrixOf = ({ rows, columns, looks, places }: Picture): Drawing => {
  const drawn = looks.map((cell) => cell && drawnCell(cell));
  return drawMatrix({
    rows,
    columns: columns.map(({ to, head }) => `${to} ${head}`),
    cellAt: (row, column) => drawn[places[row * columns.length + column] ?? 0],
  });
};

const LOUD: ReadonlySet<Look> = new Set(['wrong', 'broken']);

const drawnCell = (cell: Cell): DrawnCell => {
  const look = lookOf(cell);
  return { look, mark: markOf(cell), meaning: meaningOf(cell), isLoud: LOUD.has(look) };
};
