import { lint } from '../model/index.ts';
import { familiesNamed, type Scenario, type Step } from '../scenario/index.ts';
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

/** The rules that say that something does nothing. If it does something in another step, it is no mistake. */
const ABOUT_NOTHING: ReadonlySet<string> = new Set([
  'selects-no-pod',
  'other-namespace',
  'peer-selects-nothing',
  'swapped-selector',
  'named-port',
  'ipblock-matches-nothing',
  'adds-nothing',
]);

/**
 * What the lint rules find in the policies of a scenario, each finding once, however many steps have it. What does
 * nothing counts only if it does so in each step in which its policy is in force.
 */
export const warningsOf = (scenario: Pick<Scenario, 'steps'>): readonly PlacedWarning[] => {
  const warnings = known.get(scenario) ?? find(scenario);
  known.set(scenario, warnings);
  return warnings;
};

const find = ({ steps }: Pick<Scenario, 'steps'>): readonly PlacedWarning[] => {
  const found = steps.map(findIn);
  const isEverywhere = ({ policy, place }: Found): boolean =>
    found.every(({ policies, all }) => !policies.has(policy) || all.some((other) => other.place === place));
  const kept = found.flatMap(({ all }) =>
    all.filter((one) => !ABOUT_NOTHING.has(one.warning.rule) || isEverywhere(one)).map(({ warning }) => warning),
  );
  return [...new Map(kept.map((warning) => [JSON.stringify(warning), warning])).values()];
};

interface Found {
  /** Where its policy begins, which identifies it in all steps. */
  readonly policy: string | undefined;
  /** The same for the same finding of another step, whatever its message. */
  readonly place: string;
  readonly warning: PlacedWarning;
}

const findIn = ({ topology, policies }: Step) => {
  const families = [...familiesNamed(topology, [])].sort();
  const begins = new Map(policies.map(({ spec, file, line }) => [spec, `${file}:${line}`]));
  const all = lint(modelOf({ topology, policies, families })).map(({ rule, policy, path, message, hint }): Found => {
    const { file, line, column } = policy.placeOf?.(path) ?? { file: policy.name, line: 1, column: 1 };
    const warning = { rule, file, line, column, message, ...(hint !== undefined && { hint }) };
    return { policy: begins.get(policy), place: `${rule} ${file}:${line}:${column}`, warning };
  });
  return { policies: new Set<string | undefined>(begins.values()), all };
};
