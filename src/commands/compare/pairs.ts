/** Which scenarios of the two sides are compared with each other. */
import { PodreachError } from '../../errors.ts';
import { podsOf, type Scenario } from '../../scenario/index.ts';
import { plural, printable } from '../../text.ts';

interface Pairs {
  readonly pairs: readonly (readonly [before: Scenario, after: Scenario])[];
  /** The names of scenarios that only one side has. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

type Scenarios = readonly Scenario[];

/**
 * Scenarios of one name belong together, and so do the only ones, and the manifests of the two sides. Manifests are what runs, so
 * if one side has none, all pods and policies of the other are new or gone; scenarios are tests, which are only named.
 */
export const paired = (before: Scenarios, after: Scenarios): Pairs => {
  const [one, other] = [before[0], after[0]];
  if (one && other && before.length === 1 && after.length === 1)
    return { pairs: [[one, other]], added: [], removed: [] };
  const [was, is] = [before.find(isManifests), after.find(isManifests)];
  const byName = new Map(before.filter(isScenario).map((scenario) => [scenario.name, scenario]));
  const written = after.filter(isScenario);
  const names = new Set(written.map(({ name }) => name));
  const both = written.flatMap((scenario) => {
    const own = byName.get(scenario.name);
    return own ? [[own, scenario] as const] : [];
  });
  const [first, second] = [was ?? (is && without(is)), is ?? (was && without(was))];
  return {
    pairs: [...both, ...(first && second ? [[first, second] as const] : [])],
    added: [...names].filter((name) => !byName.has(name)),
    removed: [...byName.keys()].filter((name) => !names.has(name)),
  };
};

const isManifests = ({ fromManifests }: Scenario): boolean => fromManifests === true;
const isScenario = (scenario: Scenario): boolean => !isManifests(scenario);

/** What there is before the first manifest, or after the last one: nothing. */
const without = ({ name, file }: Scenario): Scenario => ({
  ...{ name, file, fromManifests: true },
  steps: [
    {
      ...{ name, policies: [], expected: 'model', form: 'model', path: [] },
      topology: { namespaces: [], hosts: [], nodes: [], services: [] },
    },
  ],
});

/** Nothing is an answer, and not always the one that was wanted. */
export const emptyNote = (one: string, other: string, before: Scenarios, after: Scenarios): readonly string[] => {
  const has = 'has no scenario and no Kubernetes manifest, so all of';
  if (before.length === 0) return [printable(`${one} ${has} ${other} is new`)];
  return after.length === 0 ? [printable(`${other} ${has} ${one} is gone`)] : [];
};

/** The name of a side, and its scenarios. */
type Side = readonly [name: string, scenarios: Scenarios];

/**
 * Manifests without pods are compared with what runs, for instance where a change adds the workloads. Throws a PodreachError if
 * neither side of a pair has a pod, because then there is nothing to compare.
 */
export const podlessNotes = ([one, before]: Side, [other, after]: Side, pairs: Pairs['pairs']): readonly string[] =>
  pairs.flatMap(([first, second]) => {
    const [was, is] = [hasNoPods(first), hasNoPods(second)];
    if (was && is)
      throw new PodreachError(
        printable(`no pods: neither ${one} nor ${other} has a Pod, Deployment or other workload`),
        {
          hint: 'add the manifests of the workloads to both sides: --with FILE',
        },
      );
    // A side without any manifest has a note of its own.
    if (was && before.includes(first)) return [podlessNote(one, first, `${other} are new`)];
    return is && after.includes(second) ? [podlessNote(other, second, `${one} are gone`)] : [];
  });

const hasNoPods = (scenario: Scenario): boolean =>
  isManifests(scenario) && podsOf(scenario.steps[0].topology).length === 0;

const podlessNote = (name: string, { steps: [{ policies }] }: Scenario, outcome: string): string => {
  const has = policies.length === 0 ? 'no policies' : plural(policies.length, 'policy', 'policies');
  return printable(
    `${name} has ${has} and no pods, so all cells of ${outcome}; --with FILE adds workloads to both sides`,
  );
};
