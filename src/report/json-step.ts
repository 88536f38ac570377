/** A step in podreach/run/v1. Undefined keys are left out. */
import { type Cell, flakeRateOf, type StepResult } from '../matrix/index.ts';
import { probeKey } from '../scenario/index.ts';
import { decidersIn } from './details/deciders.ts';
import { explanationsIn } from './details/explanations.ts';
import { wordsOf } from './remark.ts';

export const stepObject = (step: StepResult) => {
  const { name, status, timings, agreement, sampled, repeats, cells, repeat } = step;
  const { late, recording, established, starts, evidence } = step;
  const { problem, hint } = wordsOf(step);
  return {
    ...{ name, status, problem, hint, timings, agreement, sampled, repeats },
    ...{ late, recording, established, starts, evidence },
    explanations: notEmpty(explanationsIn(step)),
    deciders: decidersIn(step),
    cells: cells.values().map((cell) => cellObject(cell, repeat?.size ? repeat.get(probeKey(cell)) : undefined)),
  };
};

export const notEmpty = <Item>(items: readonly Item[] | undefined): readonly Item[] | undefined =>
  items && items.length > 0 ? items : undefined;

const cellObject = (cell: Cell, repeat: string | undefined) => {
  const { from, to, port, protocol, family, status, expected, observed, model, observation } = cell;
  const { exempt, backendsDiffer, sticky, lookupUnknown } = cell;
  return {
    ...{ from, to, port, protocol, family, status, expected, observed, model },
    ...{ exempt, backendsDiffer, sticky, lookupUnknown },
    flaky: observation?.flaky ?? false,
    attempts: observation?.attempts ?? 0,
    ...(observation?.tally && { tally: observation.tally, flakeRate: flakeRateOf(observation.tally) }),
    detail: observation?.detail ?? '',
    repeat,
  };
};
