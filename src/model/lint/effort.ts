import type { NetworkPolicy, Rule } from '../policy.ts';
import { peersOf, rulesOf } from '../rules.ts';

/** Comparisons of policy parts with each other; they take a few seconds. */
const MOST_COMPARISONS = 4_000_000;

/**
 * The namespaces, smallest first, with few enough policies to compare with each other part by part. Nobody reads
 * hundreds of policies in one namespace, and comparing thousands takes minutes.
 */
export const comparableNamespaces = (policies: readonly NetworkPolicy[]): ReadonlySet<string> => {
  const costs = [...Map.groupBy(policies, ({ namespace }) => namespace)].map(([namespace, own]) => {
    const parts = own.reduce((sum, policy) => sum + partsOf(policy), 0);
    return { namespace, comparisons: parts ** 2 };
  });
  const comparable = new Set<string>();
  let left = MOST_COMPARISONS;
  for (const { namespace, comparisons } of costs.toSorted((a, b) => a.comparisons - b.comparisons)) {
    left -= comparisons;
    if (left < 0) break;
    comparable.add(namespace);
  }
  return comparable;
};

/**
 * The parts of a policy that are compared: each peer of a rule with each of its ports, each exception, each
 * requirement.
 */
const partsOf = (policy: NetworkPolicy): number =>
  rulesOf(policy).reduce((sum, rule) => sum + partsOfRule(rule), 1 + policy.pods.requirements.length);

const partsOfRule = (rule: Rule): number =>
  (rule.peers?.length ?? 1) * (rule.ports?.length ?? 1) +
  peersOf(rule).reduce((sum, peer) => sum + (peer.kind === 'block' ? peer.except.length : 0), 0);
