import type { Flips, StepResult } from '../matrix/index.ts';
import { agrees, type Cell, type CellStatus, disagreements } from '../matrix/index.ts';
import { portText, probeKey } from '../scenario/index.ts';
import { andMore, bounded, excerpt, plural, printable } from '../text.ts';
import { explanationSummary } from './explain/explanation.ts';
import { flakeText } from './flake.ts';

const LISTED_AT_MOST = 20;
const NAMED_PER_GROUP = 5;
const DETAIL_CODE_POINTS = 200;

/**
 * One line per mismatch or flaky cell, each with who is to blame, why the policies say so, and the
 * command that repeats it; 20 cells at most.
 */
export const differenceLines = (step: StepResult): string[] => {
  const { cells, repeat, why } = step;
  const differing = cells.filter(({ status }) => status === 'mismatch' || status === 'flaky');
  const unexplained = differing.slice(0, LISTED_AT_MOST).some((cell) => lacksWhy(step, cell));
  return [
    ...bounded(differing, LISTED_AT_MOST, (cell) => {
      const command = repeat?.get(probeKey(cell));
      return [
        differenceLine(cell),
        ...blameLines(cell),
        ...whyLines(step, cell),
        ...(command === undefined ? [] : [`  ${printable(command)}`]),
      ];
    }),
    ...(unexplained ? [`the first ${why?.size} are explained here; \`podreach explain\` explains any other`] : []),
  ];
};

/** The cells that are no mismatch although the CNI does not do what the specification says. */
export const disagreementLines = (step: StepResult): string[] => {
  const hidden = disagreements(step.cells).filter(({ status }) => status !== 'mismatch');
  const lines = bounded(hidden, LISTED_AT_MOST, (cell) => [
    `${probeText(cell)}: ${wantedText(cell)}, ${seenText(cell)}, but the specification says ${cell.model}`,
    ...whyLines(step, cell),
  ]);
  return lines.length === 0
    ? []
    : ['the CNI and the specification disagree, which no expectation shows:', ...lines.map((line) => `  ${line}`)];
};

/** The cells that differ from the step before; the first few of each direction are named. */
export const flipLines = ({ opened, closed }: Flips): string[] =>
  Object.entries({ opened, closed })
    .filter(([, cells]) => cells.length > 0)
    .map(
      ([what, cells]) =>
        `${what} since the step before: ${cells.slice(0, FLIPS_NAMED).map(probeText).join(', ')}${andMore(cells.length - FLIPS_NAMED)}`,
    );

const FLIPS_NAMED = 10;

const whyLines = ({ why }: StepResult, cell: Cell): string[] => {
  const its = why?.get(probeKey(cell));
  return its ? explanationSummary(its.explained, its.advice).map((line) => `  ${line}`) : [];
};

const lacksWhy = ({ why }: StepResult, cell: Cell): boolean =>
  cell.status === 'mismatch' && why !== undefined && why.size > 0 && !why.has(probeKey(cell));

/** Whether the policies or the CNI do not do what was expected. */
export const blameLines = (cell: Cell): string[] => {
  const { status, observed, model } = cell;
  if (status !== 'mismatch' || observed === null || model === null) return [];
  if (model === 'unknown') return ["  the model can't tell what the specification says about it"];
  return agrees(cell)
    ? [`  the policy is not what you expected: according to the specification the policies ${model} this`]
    : [`  the CNI and the specification disagree: according to the specification the policies ${model} this`];
};

/** The cells of one status grouped by their detail, because one cause often breaks many; 20 causes at most. */
export const causeLines = (
  cells: readonly Cell[],
  status: Extract<CellStatus, 'error' | 'unknown' | 'unsupported'>,
): string[] => {
  const groups = [
    ...Map.groupBy(
      cells.filter((cell) => cell.status === status),
      causeOf,
    ),
  ];
  return bounded(groups, LISTED_AT_MOST, ([cause, group]) => [
    `${status} in ${plural(group.length, 'cell')}: ${excerpt(cause, DETAIL_CODE_POINTS)}`,
    `  ${bounded(group, NAMED_PER_GROUP, (cell) => [probeText(cell)]).join(', ')}`,
  ]);
};

const probeText = ({ from, to, port, protocol, family }: Cell): string =>
  `${printable(from)} -> ${printable(to)} ${portText({ number: port, protocol })}${family === undefined ? '' : ` over ${family}`}`;

const differenceLine = (cell: Cell): string => {
  return `${probeText(cell)}: ${wantedText(cell)}, ${seenText(cell)}`;
};

const wantedText = ({ expected }: Cell): string => (expected === null ? 'nothing expected' : `expected ${expected}`);

const seenText = ({ status, observed, model, observation }: Cell): string => {
  if (observed === null) return `predicted ${model}`;
  const seen = status === 'flaky' ? `flaky in ${flakeText(observation)}, last seen` : 'seen';
  const detail = observation?.detail ? ` (${excerpt(observation.detail, DETAIL_CODE_POINTS)})` : '';
  return `${seen} ${observed}${detail}`;
};

/** Why nothing is known about a cell. */
export const causeOf = ({ status, observation, backendsDiffer, sticky, lookupUnknown }: Cell): string => {
  if (status === 'unknown') {
    if (backendsDiffer)
      return `the backends differ: policies block some of the pods behind the Service and not others${sticky ? ', and sessionAffinity keeps each client at one of them' : ''}`;
    return lookupUnknown
      ? "it depends on whether policies let the name be looked up at the cluster's DNS"
      : 'it depends on an address that the model does not know';
  }
  return observation === null ? 'expected but not probed' : observation.detail || 'the probe gave no reason';
};
