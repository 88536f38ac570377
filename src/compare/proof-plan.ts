import { keepsPods, podsOf, type Scenario, type Step, type Topology, topologyKey } from '../scenario/index.ts';
import type { ComparedStep } from './compare.ts';
import { nameOf, specText } from './policies.ts';
import type { Comparison, Untimed } from './result.ts';

/** What has to run to prove a comparison live. */
export interface ProofPlan {
  /** One that goes from one state to the other or, if that can't be done, one for each. */
  readonly scenarios: readonly Scenario[];
  readonly untimed?: Untimed;
}

/** How soon the switch has to be in force, or why it is not timed. */
export type Timing = { readonly withinMs: number } | 'not-asked' | 'planned';

/** Null if nothing differs. Each state is expected to be what the model predicts of it. */
export const planProof = (
  { name, before, after, policies, ends }: Comparison,
  [was, is]: readonly [ComparedStep, ComparedStep],
  timing: Timing,
): ProofPlan | null => {
  const isSame = policies.length === 0 && ends.length === 0 && hasSamePolicies(was, is);
  if (isSame) return null;
  const [first, second] = [stepOf('before', was), stepOf('after', is)];
  const isEmpty = [was, is].some(hasNoPods);
  if (isEmpty || fixedParts(was.topology) !== fixedParts(is.topology))
    return {
      scenarios: [
        { name: `${name}: before`, file: before, steps: [first] as const },
        { name: `${name}: after`, file: after, steps: [second] as const },
      ].filter(({ steps: [step] }) => !hasNoPods(step)),
      untimed: isEmpty ? 'pods' : 'services',
    };
  const isTimed = typeof timing === 'object' && keepsPods(was.topology, is.topology);
  return {
    scenarios: [{ name, file: after, steps: [first, isTimed ? { ...second, ...timing } : second] }],
    ...(!isTimed && { untimed: typeof timing === 'object' ? 'pods' : timing }),
  };
};

/** Before the first manifests there is nothing to prove, nor after the last ones. */
const hasNoPods = ({ topology }: ComparedStep): boolean => podsOf(topology).length === 0;

/** Policies that only swap or change their names mean the same in the end, and something else on the way. */
const hasSamePolicies = ({ policies: before }: ComparedStep, { policies: after }: ComparedStep): boolean => {
  const specs = new Map(before.map((policy) => [nameOf(policy), specText(policy.manifest)]));
  return (
    before.length === after.length && after.every((policy) => specs.get(nameOf(policy)) === specText(policy.manifest))
  );
};

const stepOf = (name: string, { topology, policies }: ComparedStep): Step => ({
  ...{ name, topology, policies },
  ...{ expected: 'model', form: 'model', path: [] },
});

/** What a deployment has from its beginning to its end. */
const fixedParts = ({ services, hosts }: Topology): string =>
  topologyKey({ namespaces: [], nodes: [], services, hosts });
