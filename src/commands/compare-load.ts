import { relative, sep } from 'node:path';
import { PodreachError } from '../errors.ts';
import { type LoadOptions, loadScenarios, type ReadPolicy, type Scenario } from '../scenario/index.ts';
import type { SideSource } from './compare-sides.ts';
import { withGitTree } from './git-tree.ts';

/** The scenarios of a side, with the manifests that both sides share; files of a revision are called `main:k8s/a.yaml`. */
export const loadSide = async (
  { paths, git }: SideSource,
  shared: readonly string[],
  options: LoadOptions,
): Promise<readonly Scenario[]> => {
  if (!git) return loadScenarios([...paths, ...shared], options);
  return withGitTree({ ...git, paths }, async (tree) => {
    const prefix = relative('', tree.root).split(sep).join('/');
    const rename = (text: string): string =>
      text.replaceAll(`${prefix}/`, `${git.name}:`).replaceAll(prefix, `${git.name}:`);
    try {
      const scenarios = await loadScenarios([...tree.paths, ...shared], options);
      return scenarios.map((scenario) => renamed(scenario, rename));
    } catch (error) {
      if (!(error instanceof PodreachError)) throw error;
      const { message, hint } = error;
      throw new PodreachError(rename(message), hint === undefined ? {} : { hint: rename(hint) });
    }
  });
};

const renamed = (scenario: Scenario, rename: (text: string) => string): Scenario => {
  const policyOf = (policy: ReadPolicy): ReadPolicy => {
    const { placeOf } = policy.spec;
    const placed = placeOf && {
      placeOf: (path: Parameters<typeof placeOf>[0]) => {
        const place = placeOf(path);
        return { ...place, file: rename(place.file) };
      },
    };
    return { ...policy, file: rename(policy.file), spec: { ...policy.spec, ...placed } };
  };
  const [first, ...others] = scenario.steps.map((step) => ({ ...step, policies: step.policies.map(policyOf) }));
  return {
    ...scenario,
    file: rename(scenario.file),
    steps: [first as Scenario['steps'][0], ...others],
    ...(scenario.notes && { notes: scenario.notes.map((note) => ({ ...note, file: rename(note.file) })) }),
  };
};
