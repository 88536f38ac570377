import type { Decision } from '../model/index.ts';
import type { Observation, Verdict } from '../probe/index.ts';
import type { Expectation, Expected, Probe } from '../scenario/index.ts';
import { probeKey } from '../scenario/index.ts';
import type { Cell, CellStatus } from './judged.ts';
import type { Prediction } from './predict.ts';

/** The verdicts that prove an expectation. `error` and `unsupported` prove neither. */
const MET_BY: Readonly<Record<Expectation, readonly Verdict[]>> = {
  allow: ['allowed'],
  deny: ['dropped', 'rejected'],
};

/**
 * Diffs what was seen against what was expected: one cell per observation in the order of `observed`, then one cell of
 * status `error` per expected probe that nobody observed, because a missing cell never passes. `expected` null means
 * that nothing is written, so sound verdicts are `unjudged`; `model`, that what is predicted is expected. A pod to itself
 * is `self`, whatever was seen: Kubernetes leaves open whether a policy may block it.
 */
export const judge = (
  expected: Expected,
  observed: readonly Observation[],
  predicted: readonly Prediction[] = [],
): Cell[] => {
  const decisions = new Map(predicted.map((one) => [probeKey(one), one.decision]));
  const wanted = wantedOf(expected, predicted);
  const seen = new Set(observed.map(probeKey));
  const missing = [...wanted].filter(([key]) => !seen.has(key)).map(([, want]) => want);
  return [
    ...observed.map((observation) => {
      const key = probeKey(observation);
      return judgeOne(observation, wanted.get(key)?.decision ?? null, decisions.get(key) ?? null);
    }),
    ...missing.map((want) => missingCell(want, decisions.get(probeKey(want)) ?? null)),
  ];
};

/** What is expected of each probe, by its key; `unknown` only where the model has to tell and can't. */
const wantedOf = (expected: Expected, predicted: readonly Prediction[]): ReadonlyMap<string, Prediction> => {
  const all =
    expected === 'model'
      ? predicted.filter(({ from, to }) => from !== to)
      : (expected ?? []).map(({ expectation, ...probe }) => ({ ...probe, decision: expectation }));
  return new Map(all.map((want) => [probeKey(want), want]));
};

const judgeOne = (observation: Observation, wanted: Decision | null, model: Decision | null): Cell => {
  const { from, to, port, protocol, verdict } = observation;
  const status = from === to ? 'self' : statusOfSeen(observation, wanted);
  return { from, to, port, protocol, expected: certain(wanted), observed: verdict, model, status, observation };
};

const statusOfSeen = ({ verdict, flaky }: Observation, wanted: Decision | null): CellStatus => {
  if (verdict === 'error') return 'error';
  if (flaky) return 'flaky';
  if (verdict === 'unsupported') return 'unsupported';
  if (wanted === null) return 'unjudged';
  if (wanted === 'unknown') return 'unknown';
  return MET_BY[wanted].includes(verdict) ? 'match' : 'mismatch';
};

const missingCell = ({ from, to, port, protocol, decision }: Prediction, model: Decision | null): Cell => ({
  from,
  to,
  port,
  protocol,
  expected: certain(decision),
  observed: null,
  model,
  status: from === to ? 'self' : 'error',
  observation: null,
});

/**
 * The prediction alone as a matrix, diffed against what is written: one cell per prediction, in their order. Where
 * nothing is written, or only that the model is right, nothing can be judged.
 */
export const judgePredicted = (expected: Expected, predicted: readonly Prediction[]): Cell[] => {
  const wanted = wantedOf(expected === 'model' ? null : expected, predicted);
  return predicted.map(({ decision: model, ...probe }) => {
    const expectation = certain(wanted.get(probeKey(probe))?.decision ?? null);
    const status = statusOfPredicted(probe, expectation, model);
    return { ...probe, expected: expectation, observed: null, model, status, observation: null };
  });
};

const statusOfPredicted = ({ from, to }: Probe, expected: Expectation | null, model: Decision): CellStatus => {
  if (from === to) return 'self';
  if (expected === null) return 'unjudged';
  if (model === 'unknown') return 'unknown';
  return model === expected ? 'match' : 'mismatch';
};

const certain = (decision: Decision | null): Expectation | null => (decision === 'unknown' ? null : decision);
