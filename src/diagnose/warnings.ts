import { lint, type Model, type Warning } from '../model/index.ts';
import type { Facts } from './facts.ts';

/** The rules that hold whatever runs in namespaces of which no pods are known. */
const SURE: ReadonlySet<string> = new Set([
  'idle-rules',
  'or-looks-like-and',
  'and-looks-like-or',
  'swapped-selector',
  'other-namespace',
  'selects-no-pod',
  'dns-cut',
]);

/** What looks like a mistake in the policies of the namespaces whose pods are known. */
export const warningsOf = ({ pods }: Facts, model: Model): readonly Warning[] => {
  const namespaces = new Set(pods.map(({ namespace }) => namespace));
  return lint(model).filter(({ rule, policy }) => SURE.has(rule) && namespaces.has(policy.namespace));
};
