import { yaml } from '../yaml-library.ts';
import type { SourceDocument } from './document.ts';
import type { WrittenExpect, WrittenMatrix } from './expect-schema.ts';
import { type GridProblem, parseGrid } from './grid-parse.ts';
import type { Problem } from './problem.ts';
import { expandRules } from './rules.ts';
import type { ExpectedProbe, Step, Topology } from './scenario.ts';
import { eachProbeOf } from './topology.ts';

type Expectations = Pick<Step, 'expected' | 'form'>;

/** What rules or a grid expect of each probe; null if there are problems, or if a grid expects nothing at all. */
export interface ExpectedMatrix extends Expectations {
  readonly expected: readonly ExpectedProbe[] | null;
}

const gridPath = ['grid'];

/** Maps problems from places in the grid to places in the file: a block scalar only lacks the indentation. */
const inFile = (document: SourceDocument, grid: string, problems: readonly GridProblem[]): readonly Problem[] => {
  const header = document.problemAt(gridPath, '');
  const lines = document.text.split(/\r?\n/);
  const gridLines = grid.split('\n');
  return problems.map(({ line, column, message }) => {
    const inGrid = gridLines[line - 1] ?? '';
    const indent = inGrid === '' ? 0 : (lines[header.line + line - 1] ?? '').length - inGrid.length;
    return { ...header, message, line: header.line + line, column: indent + column };
  });
};

const expandGrid = (
  document: SourceDocument,
  grid: string,
  topology: Topology,
  problems: Problem[],
): ExpectedMatrix => {
  const { isScalar, Scalar } = yaml();
  const node = document.nodeAt(gridPath);
  if (!isScalar(node) || node.type !== Scalar.BLOCK_LITERAL) {
    problems.push(document.problemAt(gridPath, 'a grid is a block of lines: begin it with `grid: |2`'));
    return { expected: null, form: 'grid' };
  }
  const { expected, problems: found } = parseGrid(grid, topology);
  for (const problem of inFile(document, grid, found)) problems.push(problem);
  const expectsNothing = expected?.every(({ expectation }) => expectation === null);
  return { expected: expectsNothing ? null : expected, form: 'grid' };
};

/** The expectation that rules or a grid state; the document is what stands under `expect`. Errors go to `problems`. */
export const expandMatrix = (
  document: SourceDocument,
  written: WrittenMatrix,
  topology: Topology,
  problems: Problem[],
): ExpectedMatrix => {
  if (written.grid !== undefined) return expandGrid(document, written.grid, topology, problems);
  const expected = expandRules(written, topology, (path, message) => {
    problems.push(document.problemAt(path, message));
  });
  return { expected, form: 'rules' };
};

/** The expectation of a scenario in any of its forms; null if there is none. Errors go to `problems`. */
export const expandExpectation = (
  document: SourceDocument,
  written: WrittenExpect | undefined,
  topology: Topology,
  problems: Problem[],
): Expectations => {
  if (written === undefined) return { expected: null, form: null };
  if (written === 'model') return { expected: 'model', form: 'model' };
  if (!eachProbeOf(topology).some(({ from, to }) => from !== to)) {
    problems.push(document.problemAtKey(['expect'], 'nothing to expect: there is no port of another pod to reach'));
    return { expected: null, form: null };
  }
  return expandMatrix(document.part(['expect']), written, topology, problems);
};
