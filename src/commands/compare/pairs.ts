/** Which scenarios of the two sides are compared with each other. */
import type { Scenario } from '../../scenario/index.ts';
import { printable } from '../../text.ts';

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
