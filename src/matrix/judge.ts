import type { Observation, Verdict } from '../probe/index.ts';
import type { Expectation, ExpectedProbe } from '../scenario/index.ts';
import { probeKey } from '../scenario/index.ts';
import type { Cell, CellStatus } from './judged.ts';

/** The verdicts that prove an expectation. `error` and `unsupported` prove neither. */
const MET_BY: Readonly<Record<Expectation, readonly Verdict[]>> = {
  allow: ['allowed'],
  deny: ['dropped', 'rejected'],
};

/**
 * Diffs what was seen against what was expected: one cell per observation in the order of `observed`, then one cell of
 * status `error` per expected probe that nobody observed, because a missing cell never passes. `expected` null means
 * that nothing is written, so sound verdicts are `unjudged`. A pod to itself is `self`, whatever was seen: Kubernetes
 * leaves open whether a policy may block it.
 */
export const judge = (expected: readonly ExpectedProbe[] | null, observed: readonly Observation[]): Cell[] => {
  const expectations = new Map((expected ?? []).map((probe) => [probeKey(probe), probe.expectation]));
  const seen = new Set(observed.map(probeKey));
  const missing = (expected ?? []).filter((probe) => !seen.has(probeKey(probe)));
  return [
    ...observed.map((observation) => judgeOne(observation, expectations.get(probeKey(observation)) ?? null)),
    ...missing.map(missingCell),
  ];
};

const judgeOne = (observation: Observation, expected: Expectation | null): Cell => {
  const { from, to, port, protocol, verdict } = observation;
  const status = from === to ? 'self' : cellStatus(observation, expected);
  return { from, to, port, protocol, expected, observed: verdict, status, observation };
};

const cellStatus = ({ verdict, flaky }: Observation, expected: Expectation | null): CellStatus => {
  if (verdict === 'error') return 'error';
  if (flaky) return 'flaky';
  if (verdict === 'unsupported') return 'unsupported';
  if (expected === null) return 'unjudged';
  return MET_BY[expected].includes(verdict) ? 'match' : 'mismatch';
};

const missingCell = ({ from, to, port, protocol, expectation }: ExpectedProbe): Cell => ({
  from,
  to,
  port,
  protocol,
  expected: expectation,
  observed: null,
  status: from === to ? 'self' : 'error',
  observation: null,
});
