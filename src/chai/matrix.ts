import { PodreachError } from '../errors.ts';
import { type Cell, judgePredicted, type Prediction, type StepResult } from '../matrix/index.ts';
import { type Family, parsePort, portText } from '../scenario/index.ts';
import { kindOf, listed, nearest, quoted } from '../text.ts';

/** What assertions are about: a step as it was seen or predicted, or predictions without an expectation. */
export type Matrix = StepResult | readonly Prediction[];

/** One connection, over one IP family or all. */
export interface Connection {
  readonly from: string;
  readonly to: string;
  readonly port: string | number;
  readonly family?: Family | undefined;
}

/** Throws a PodreachError for anything that is no matrix. */
export const stepOf = (given: unknown): StepResult => {
  if (Array.isArray(given))
    return { name: 'prediction', status: 'unjudged', timings: {}, cells: judgePredicted(null, given as Prediction[]) };
  if (Array.isArray(Object(given).cells)) return given as StepResult;
  throw new PodreachError(`expect was given ${kindOf(given)}, but needs the matrix of a step`, {
    hint: 'await it: `expect(await matrix())` in describeScenarios, or `predict(step)` of podreach',
  });
};

/** The cells of a connection, one for each family. Throws a PodreachError that names near ones if there are none. */
export const cellsOf = ({ cells, problem, sampled }: StepResult, asked: Connection): readonly Cell[] => {
  const { from, to, port, family } = asked;
  if (cells.length === 0) throw new PodreachError(`nothing was probed${problem === undefined ? '' : `: ${problem}`}`);
  requireName('source', from, new Set(cells.map((cell) => cell.from)));
  requireName('destination', to, new Set(cells.map((cell) => cell.to)));
  const wanted = parsePort(typeof port === 'string' ? port.toUpperCase() : port);
  const toEnd = cells.filter((cell) => cell.to === to);
  const ofPort = toEnd.filter(
    ({ port: number, protocol }) => number === wanted?.number && protocol === wanted.protocol,
  );
  if (ofPort.length === 0) throw unknown(`port of ${to}`, String(port), [...new Set(toEnd.map(portOf))]);
  const found = ofPort.filter((cell) => cell.from === from && (family === undefined || cell.family === family));
  if (found.length > 0) return found;
  throw new PodreachError(
    `${from} -> ${to} ${port}${family === undefined ? '' : ` over ${family}`} was not probed${sampled ? ': the matrix is a sample' : ''}`,
  );
};

const portOf = ({ port, protocol }: Cell): string => portText({ number: port, protocol });

const requireName = (what: string, name: string, names: ReadonlySet<string>): void => {
  if (!names.has(name)) throw unknown(what, name, [...names]);
};

const unknown = (what: string, name: string, names: readonly string[]): PodreachError =>
  new PodreachError(
    `the matrix has no ${what} ${quoted(name)}${nearest(what, name, names)}; there are ${listed(names)}`,
  );
