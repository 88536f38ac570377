import { predictEach, type Situation } from '../matrix/index.ts';
import {
  bareProbe,
  type Expectation,
  type ExpectedProbe,
  eachProbeIn,
  expectedIn,
  familiesOfSteps,
  type Probe,
  probeKey,
  type Step,
} from '../scenario/index.ts';

/** A step as the model sees it, and what is expected of each cell that can notice a mistake, by `probeKey`. */
export interface Wants {
  readonly situation: Situation & { readonly families: NonNullable<Situation['families']> };
  readonly wanted: ReadonlyMap<string, Expectation>;
  /** Cells that are not as expected even without a mistake, so they notice none. */
  readonly failing: readonly Probe[];
}

export const wantsOf = (step: Step): Wants => {
  const { topology, policies } = step;
  const families = familiesOfSteps([step]);
  const situation = { topology, policies, families };
  const all = expectedIn(expectedOf(step), eachProbeIn(topology, families), families);
  const wanted = new Map<string, Expectation>();
  for (const { expectation, ...probe } of all) if (expectation !== null) wanted.set(probeKey(probe), expectation);
  const failing = [...failingIn({ situation, wanted }, policies)];
  for (const cell of failing) wanted.delete(probeKey(cell));
  return { situation, wanted, failing };
};

/** What a step expects of each cell. `expect: model` expects what the policies do as they are. */
export const expectedOf = (step: Step): readonly ExpectedProbe[] => {
  const { topology, policies, expected } = step;
  if (expected !== 'model') return expected ?? [];
  return [...predictEach({ topology, policies, families: familiesOfSteps([step]) })].flatMap(
    ({ decision, leftOpen, ...cell }) =>
      decision === 'unknown' || leftOpen || cell.from === cell.to
        ? []
        : [{ ...bareProbe(cell), expectation: decision }],
  );
};

/** The first cell that would not come out as expected under these policies; undefined if there is none. */
export const noticing = (wants: Wants, policies: Situation['policies']): Probe | undefined => {
  for (const cell of failingIn(wants, policies)) return cell;
  return undefined;
};

function* failingIn(
  { situation, wanted }: Pick<Wants, 'situation' | 'wanted'>,
  policies: Situation['policies'],
): Generator<Probe> {
  for (const prediction of predictEach({ ...situation, policies })) {
    const { from, to, decision, leftOpen } = prediction;
    const want = from === to || leftOpen || decision === 'unknown' ? undefined : wanted.get(probeKey(prediction));
    if (want !== undefined && (want === 'allow') !== (decision === 'allow')) yield bareProbe(prediction);
  }
}
