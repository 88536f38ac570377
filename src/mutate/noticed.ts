import { predictEach, type Situation } from '../matrix/index.ts';
import {
  type Expectation,
  eachProbeIn,
  expectedIn,
  familiesOfSteps,
  type Probe,
  probeKey,
  type Step,
} from '../scenario/index.ts';

/** A step as the model sees it, and what is expected of each cell that the model can decide, by `probeKey`. */
export interface Wants {
  readonly situation: Situation & { readonly families: NonNullable<Situation['families']> };
  readonly wanted: ReadonlyMap<string, Expectation>;
}

/** `expect: model` expects what the policies do as they are. */
export const wantsOf = ({ topology, policies, expected }: Step): Wants => {
  const families = familiesOfSteps([{ topology, expected }]);
  const situation = { topology, policies, families };
  const all =
    expected === 'model'
      ? Iterator.from(predictEach(situation)).flatMap(({ decision, ...probe }) =>
          decision === 'unknown' ? [] : [{ ...probe, expectation: decision }],
        )
      : expectedIn(expected ?? [], eachProbeIn(topology, families), families);
  const wanted = new Map<string, Expectation>();
  for (const { expectation, ...probe } of all) if (expectation !== null) wanted.set(probeKey(probe), expectation);
  return { situation, wanted };
};

/** The first cell that would not come out as expected under these policies; undefined if there is none. */
export const noticing = ({ situation, wanted }: Wants, policies: Situation['policies']): Probe | undefined => {
  for (const { decision, leftOpen, from, to, port, protocol, family } of predictEach({ ...situation, policies })) {
    const probe = { from, to, port, protocol, ...(family && { family }) };
    const want = from === to || leftOpen || decision === 'unknown' ? undefined : wanted.get(probeKey(probe));
    if (want !== undefined && (want === 'allow') !== (decision === 'allow')) return probe;
  }
  return undefined;
};
