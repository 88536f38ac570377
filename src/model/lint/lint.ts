import type { Model } from '../decide.ts';
import type { NetworkPolicy, Path } from '../policy.ts';
import { checkBlocks } from './block.ts';
import { findDnsCuts } from './dns.ts';
import { comparableNamespaces } from './effort.ts';
import { checkEmpty } from './empty.ts';
import { checkExcepts } from './except.ts';
import { checkIdle } from './idle.ts';
import { checkPeers } from './peer.ts';
import { checkNamedPorts } from './port.ts';
import { findRedundant } from './redundant.ts';
import { checkSelection } from './selection.ts';
import { topologyOf } from './topology.ts';
import { checkUndone } from './undone.ts';
import type { Check, Finding, Warning } from './warning.ts';

export type { Warning } from './warning.ts';

const CHECKS: readonly Check[] = [checkSelection, checkIdle, checkEmpty, checkPeers, checkNamedPorts, checkBlocks];

/**
 * What is valid in a model's policies but most likely a mistake; docs/lint.md has a section for each rule. Sorted by
 * policy, then by place. Never an error: the API server accepts all of it.
 */
export const lint = (model: Model): readonly Warning[] => {
  const topology = topologyOf(model);
  const comparable = comparableNamespaces(model.policies);
  const redundant = findRedundant(model.policies.filter(({ namespace }) => comparable.has(namespace)));
  const dnsCuts = findDnsCuts(topology);
  return model.policies.flatMap((policy) => {
    const superfluous = redundant.get(policy);
    // A policy that covers a redundant one may also let the redundant one's exceptions through.
    const isComparable = comparable.has(policy.namespace);
    const excepts = isComparable ? checkExcepts(policy, topology) : [];
    const whole = superfluous ? [superfluous] : excepts;
    const others = CHECKS.flatMap((check) => check(policy, topology));
    // One warning per peer is enough.
    const isWorthComparing = isComparable && !superfluous;
    const undone = isWorthComparing ? checkUndone(policy, topology).filter(({ path }) => !others.some(isAt(path))) : [];
    const found = [...whole, ...undone, ...others, ...[dnsCuts.get(policy) ?? []].flat()];
    return found.toSorted(byPlace(policy)).map((finding) => ({ ...finding, policy }));
  });
};

const isAt =
  (path: Path) =>
  (finding: Finding): boolean =>
    path.every((step, index) => finding.path[index] === step) && finding.rule !== 'empty-means-all';

/** Unsorted if no place is known. */
const byPlace =
  ({ placeOf }: NetworkPolicy) =>
  (one: Finding, other: Finding): number => {
    if (!placeOf) return 0;
    const [first, second] = [placeOf(one.path), placeOf(other.path)];
    return first.line - second.line || first.column - second.column;
  };
