import type { Cell } from '../../matrix/index.ts';
import type { Confirmation, ScenarioScore } from '../../mutate/index.ts';
import { portText } from '../../scenario/index.ts';
import { bounded, plural, printable } from '../../text.ts';
import type { Colours } from '../colours.ts';
import { mutantText } from './words.ts';

/** 1 for what is not as predicted live, 2 for what broke there, 1 for what is missed, otherwise 0. */
export const mutationExitCode = (
  scores: readonly ScenarioScore[],
  confirmations: readonly Confirmation[] = [],
): 0 | 1 | 2 => {
  const outcomes = new Set(confirmations.map(({ outcome }) => outcome));
  if (outcomes.has('otherwise')) return 1;
  if (outcomes.has('broken')) return 2;
  return scores.some(({ steps }) => steps.some(({ missed }) => missed.length > 0)) ? 1 : 0;
};

const CELLS_AT_MOST = 5;

/** What mutants came to on running pods; printable. */
export const confirmationLines = (confirmations: readonly Confirmation[], colours: Colours): readonly string[] => {
  const good = confirmations.filter(({ outcome }) => outcome === 'killed' || outcome === 'survived').length;
  const all = plural(confirmations.length, 'mutant');
  const title = `live, ${good} of ${all} as predicted`;
  return [
    '',
    colours.bold(good === confirmations.length ? colours.green(title) : colours.red(title)),
    ...confirmations.flatMap((one) => [
      `  ${WORDS[one.outcome]}  ${printable(`${titleOf(one)}: ${mutantText(one.mutant)}`)}`,
      ...detailsOf(one).map((line) => `             ${line}`),
    ]),
  ];
};

const WORDS: Readonly<Record<Confirmation['outcome'], string>> = {
  killed: 'killed   ',
  survived: 'survived ',
  otherwise: 'otherwise',
  broken: 'error    ',
};

const titleOf = ({ scenario, step }: Confirmation): string =>
  scenario.steps.length > 1 ? `${scenario.name}, ${step.name}` : scenario.name;

const detailsOf = (one: Confirmation): readonly string[] => {
  const { cell } = one;
  if (!('cells' in one)) return cell ? [printable(`${probeText(cell)} failed`)] : [];
  const why = one.outcome === 'broken' && one.problem !== null ? [printable(one.problem)] : [];
  const said = one.outcome === 'otherwise' && cell ? [printable(`predicted to fail: ${probeText(cell)}`)] : [];
  const cells = bounded(one.cells, CELLS_AT_MOST, (seen) => [printable(cellText(seen))]);
  return [...why, ...said, ...cells];
};

const probeText = ({ from, to, port, protocol, family }: Pick<Cell, 'from' | 'to' | 'port' | 'protocol' | 'family'>) =>
  `${from} -> ${to} ${portText({ number: port, protocol })}${family === undefined ? '' : ` over ${family}`}`;

const cellText = (cell: Cell): string =>
  `${probeText(cell)}: the model says ${cell.model ?? 'nothing'}, seen ${cell.observed ?? 'nothing'}`;
