import { lint } from '../model/index.ts';
import { familiesNamed, type Scenario } from '../scenario/index.ts';
import { modelOf } from './predict.ts';

/** What is suspicious in a policy, at its place. Line and column are 1-based. */
export interface PlacedWarning {
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

/** They are reported before a run and in its result, but found once. */
const known = new WeakMap<object, readonly PlacedWarning[]>();

/** What the lint rules find in the policies of a scenario, each finding once, however many steps have it. */
export const warningsOf = (scenario: Pick<Scenario, 'steps'>): readonly PlacedWarning[] => {
  const warnings = known.get(scenario) ?? find(scenario);
  known.set(scenario, warnings);
  return warnings;
};

const find = ({ steps }: Pick<Scenario, 'steps'>): readonly PlacedWarning[] => {
  const all = steps.flatMap(({ topology, policies }) => {
    const families = [...familiesNamed(topology, [])].sort();
    return lint(modelOf({ topology, policies, families }));
  });
  const placed = all.map(({ rule, policy, path, message, hint }): PlacedWarning => {
    const { file, line, column } = policy.placeOf?.(path) ?? { file: policy.name, line: 1, column: 1 };
    return { rule, file, line, column, message, ...(hint !== undefined && { hint }) };
  });
  return [...new Map(placed.map((warning) => [JSON.stringify(warning), warning])).values()];
};
