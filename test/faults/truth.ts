import type { Cell, Report } from './podreach.ts';

/** What connects in the scenarios of this folder, by hand from their policies. */
const OPEN: Readonly<Record<string, readonly string[]>> = {
  one: ['dev/client -> prod/web 80/TCP'],
  two: ['prod/web -> prod/db 5432/TCP', 'dev/client -> prod/db 5432/TCP'],
};

const nameOf = ({ from, to, port, protocol }: Cell): string => `${from} -> ${to} ${port}/${protocol}`;

const isRight = (scenario: string, cell: Cell): boolean => {
  const isOpen = OPEN[scenario]?.includes(nameOf(cell)) === true;
  return isOpen ? cell.observed === 'allowed' : cell.observed === 'dropped';
};

/** The cells between two pods that are neither right nor an error, as `one: dev/client -> prod/web 80/TCP dropped`. */
export const wrongCells = (report: Report): readonly string[] =>
  report.scenarios.flatMap(({ name, steps }) =>
    steps
      .filter(({ problem, status }) => problem === undefined || status !== 'error')
      .flatMap(({ cells }) => cells)
      .filter((cell) => cell.from !== cell.to && cell.observed !== 'error' && !isRight(name, cell))
      .map((cell) => `${name}: ${nameOf(cell)} ${cell.observed}`),
  );

/** The cells that are an error. */
export const brokenCells = (report: Report): readonly string[] =>
  report.scenarios.flatMap(({ steps }) =>
    steps.flatMap(({ cells }) => cells.filter(({ observed }) => observed === 'error').map(nameOf)),
  );
