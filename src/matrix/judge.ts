import type { Decision } from '../model/index.ts';
import type { Observation, Verdict } from '../probe/index.ts';
import type { Expectation, Expected, ExpectedProbe, Probe } from '../scenario/index.ts';
import { bareProbe, probeKey } from '../scenario/index.ts';
import { sizedArray } from '../sized-array.ts';
import type { Cell, CellStatus } from './judged.ts';
import type { Prediction } from './predict.ts';

/** The verdicts that prove an expectation. `error` and `unsupported` prove none. */
const MET_BY: Readonly<Record<Expectation, readonly Verdict[]>> = {
  allow: ['allowed'],
  deny: ['dropped', 'rejected'],
  drop: ['dropped'],
  reject: ['rejected'],
};

/** `unknown` only if the model must decide and can't; null if the grid expects nothing of the cell. */
type Want = Expectation | 'unknown' | null;

/** What is expected of a probe. */
interface Wanted extends Probe {
  readonly expectation: Want;
}

export interface JudgeOptions {
  /** A flaky cell is `flaky` even if nothing is expected of it. */
  readonly failOnFlaky?: boolean;
}

/**
 * Diffs what was seen against what was expected: one cell per observation in the order of `observed`, then one cell of
 * status `error` per expected probe that nobody observed, because a missing cell never passes. `expected` null means
 * that no expectation is written, so valid verdicts are `unjudged`; `model` means that the prediction is expected. A
 * probe whose own expectation is null is `unjudged` too, even if it is flaky or unsupported. A pod to itself is `self`,
 * whatever was seen, because Kubernetes leaves undefined whether a policy may block it. Any other cell that the
 * specification leaves undefined is `open`, and nothing is expected of it. A Service that sends a client to always the
 * same one of differing backends is `unknown`: what was seen is true of that backend only.
 */
export const judge = (
  expected: Expected,
  observed: readonly Observation[],
  predicted: readonly Prediction[] = [],
  options: JudgeOptions = {},
): Cell[] => {
  const predictions = new Map(predicted.map((one) => [probeKey(one), one]));
  const wanted = wantedOf(expected, predicted);
  const seen = new Set(observed.map(probeKey));
  const missing = [...wanted].filter(([key]) => !seen.has(key)).map(([, want]) => want);
  return [
    ...observed.map((observation) => {
      const key = probeKey(observation);
      return judgeOne(observation, wanted.get(key)?.expectation, predictions.get(key), options);
    }),
    ...missing.map((want) => missingCell(want, predictions.get(probeKey(want))?.decision ?? null)),
  ];
};

const wantedOf = (expected: Expected, predicted: readonly Prediction[]): ReadonlyMap<string, Wanted> => {
  const all =
    expected === 'model'
      ? predicted
          .filter(({ from, to }) => from !== to)
          .map(({ decision, ...prediction }) => ({ ...bareProbe(prediction), expectation: decision }))
      : (expected ?? []);
  return new Map(all.map((want) => [probeKey(want), want]));
};

const judgeOne = (
  observation: Observation,
  wanted: Want | undefined,
  predicted: Prediction | undefined,
  options: JudgeOptions,
): Cell => ({
  ...bareProbe(observation),
  expected: predicted?.leftOpen ? null : certain(wanted),
  observed: observation.verdict,
  model: predicted?.decision ?? null,
  status: statusOfSeen(observation, wanted, predicted, options),
  ...(wanted === null && { exempt: true }),
  ...(predicted?.backendsDiffer && { backendsDiffer: true }),
  ...(predicted?.sticky && { sticky: true }),
  ...(predicted?.lookupUnknown && { lookupUnknown: true }),
  observation,
});

const statusOfSeen = (
  { from, to, verdict, flaky }: Observation,
  wanted: Want | undefined,
  predicted: Pick<Prediction, 'leftOpen' | 'sticky'> | undefined,
  { failOnFlaky = false }: JudgeOptions,
): CellStatus => {
  if (from === to) return 'self';
  if (verdict === 'error') return 'error';
  if (failOnFlaky && flaky) return 'flaky';
  if (predicted?.leftOpen) return 'open';
  if (wanted === null) return 'unjudged';
  if (flaky) return 'flaky';
  if (verdict === 'unsupported') return 'unsupported';
  if (wanted === undefined) return 'unjudged';
  if (wanted === 'unknown' || predicted?.sticky) return 'unknown';
  return MET_BY[wanted].includes(verdict) ? 'match' : 'mismatch';
};

const missingCell = ({ expectation, ...probe }: Wanted, model: Decision | null): Cell => ({
  ...bareProbe(probe),
  expected: certain(expectation),
  observed: null,
  model,
  status: 'error',
  observation: null,
});

/**
 * The prediction alone as a matrix, diffed against what is expected: one cell per prediction, in their order. If no
 * expectation is written, or only that the model is right, nothing can be judged.
 * @param count How many predictions there are. Without it the matrix is copied while it grows.
 */
export const judgePredicted = (expected: Expected, predicted: Iterable<Prediction>, count = 0): Cell[] => {
  const wantedOfNext = Array.isArray(expected) ? inOrder(expected) : () => undefined;
  const cells = Iterator.from(predicted).map((prediction) => predictedCell(prediction, wantedOfNext(prediction)));
  return sizedArray(count, cells);
};

/** Written out key by key, because copying part of an object takes twice the memory, and there may be millions. */
const predictedCell = (prediction: Prediction, wanted: Expectation | null | undefined): Cell => {
  const { from, to, port, protocol, family, decision, leftOpen, backendsDiffer, sticky, lookupUnknown } = prediction;
  const expected = leftOpen ? null : (wanted ?? null);
  const status = statusOfPredicted(prediction, expected);
  const cell = { from, to, port, protocol, expected, observed: null, model: decision, status, observation: null };
  if (family === undefined && !backendsDiffer && !lookupUnknown && wanted !== null) return cell;
  return {
    ...cell,
    ...(wanted === null && { exempt: true as const }),
    ...(family !== undefined && { family }),
    ...(backendsDiffer && { backendsDiffer }),
    ...(sticky && { sticky }),
    ...(lookupUnknown && { lookupUnknown }),
  };
};

/**
 * Finds what is expected of probes, which mostly come in the order of the expectations. Only if they don't, it indexes
 * the expectations by their keys, which for a large matrix takes more memory than everything else.
 */
const inOrder = (expected: readonly ExpectedProbe[]): ((probe: Probe) => Expectation | null | undefined) => {
  let next = 0;
  let byKey: ReadonlyMap<string, Expectation | null> | undefined;
  return (probe) => {
    if (probe.from === probe.to) return undefined;
    const one = expected[next];
    if (one && isSame(one, probe)) {
      next += 1;
      return one.expectation;
    }
    byKey ??= new Map(expected.map((other) => [probeKey(other), other.expectation]));
    return byKey.get(probeKey(probe));
  };
};

const isSame = (one: Probe, other: Probe): boolean =>
  one.from === other.from &&
  one.to === other.to &&
  one.port === other.port &&
  one.protocol === other.protocol &&
  one.family === other.family;

const statusOfPredicted = ({ from, to, decision, leftOpen }: Prediction, expected: Expectation | null): CellStatus => {
  if (from === to) return 'self';
  if (leftOpen) return 'open';
  if (expected === null) return 'unjudged';
  if (decision === 'unknown') return 'unknown';
  return (decision === 'allow') === (expected === 'allow') ? 'match' : 'mismatch';
};

const certain = (wanted: Want | undefined): Expectation | null =>
  wanted === undefined || wanted === 'unknown' ? null : wanted;
