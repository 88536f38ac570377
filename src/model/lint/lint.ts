import type { Model } from '../decide.ts';
import type { NetworkPolicy } from '../policy.ts';
import { checkBlocks } from './block.ts';
import { findDnsCuts } from './dns.ts';
import { comparableNamespaces } from './effort.ts';
import { checkExcepts } from './except.ts';
import { checkIdle } from './idle.ts';
import { checkPeers } from './peer.ts';
import { checkNamedPorts } from './port.ts';
import { findRedundant } from './redundant.ts';
import { checkSelection } from './selection.ts';
import { topologyOf } from './topology.ts';
import type { Check, Finding, Warning } from './warning.ts';

export type { Warning } from './warning.ts';

const CHECKS: readonly Check[] = [checkSelection, checkIdle, checkPeers, checkNamedPorts, checkBlocks];

/**
 * What in a model's policies is valid, and most likely not what their author meant; docs/lint.md has a section for each
 * rule. In the order of the policies, then by place. Never an error: the API server takes all of it.
 */
export const lint = (model: Model): readonly Warning[] => {
  const topology = topologyOf(model);
  const comparable = comparableNamespaces(model.policies);
  const redundant = findRedundant(model.policies.filter(({ namespace }) => comparable.has(namespace)));
  const dnsCuts = findDnsCuts(topology);
  return model.policies.flatMap((policy) => {
    const superfluous = redundant.get(policy);
    // What lets through all that a superfluous policy does lets its exceptions through as well, perhaps.
    const excepts = comparable.has(policy.namespace) ? checkExcepts(policy, topology) : [];
    const whole = superfluous ? [superfluous] : excepts;
    const found = [
      ...whole,
      ...CHECKS.flatMap((check) => check(policy, topology)),
      ...[dnsCuts.get(policy) ?? []].flat(),
    ];
    return found.toSorted(byPlace(policy)).map((finding) => ({ ...finding, policy }));
  });
};

/** As they come where no place is known. */
const byPlace =
  ({ placeOf }: NetworkPolicy) =>
  (one: Finding, other: Finding): number => {
    const [first, second] = [placeOf?.(one.path), placeOf?.(other.path)];
    return first && second ? first.line - second.line || first.column - second.column : 0;
  };
