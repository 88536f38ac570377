import type { PolicyText, ScenarioResult } from '../../matrix/index.ts';
import { policyName } from '../explain/selector.ts';

/** The policies of all steps, each once. */
export const policyTextsIn = ({ steps, policies: read }: ScenarioResult): readonly PolicyText[] => {
  if (read) return read;
  const policies = steps.flatMap(({ situation }) => situation?.policies ?? []);
  const unique = new Map(policies.map((policy) => [`${policy.file}:${policy.line}`, policy]));
  return [...unique.values()].flatMap(({ file, line, findText, spec }) =>
    findText ? [{ name: policyName(spec), file, line, text: findText() }] : [],
  );
};
