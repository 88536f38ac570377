import type { BlockPeer, NetworkPolicy } from '../policy.ts';
import { DIRECTIONS, peersOf, rulesIn } from '../rules.ts';
import { coversRule, coversSelector } from './cover.ts';
import type { Check } from './warning.ts';

/**
 * Exceptions of an ipBlock that other peers let in again completely: rules add up, and an except takes away from its
 * own cidr only.
 */
export const checkExcepts: Check = (policy, { model }) =>
  DIRECTIONS.flatMap((direction) =>
    rulesIn(policy, direction).flatMap((rule) =>
      peersOf(rule)
        .filter((peer) => peer.kind === 'block')
        .flatMap((peer) =>
          peer.except.flatMap((range, index) => {
            const excepted: BlockPeer = { ...peer, cidr: range, except: [] };
            const again = model.policies.find(
              (other) =>
                isBeside(other, policy) &&
                coversRule(rulesIn(other, direction), { peers: [excepted], ports: rule.ports }, policy.namespace),
            );
            if (!again) return [];
            const who = again === policy ? 'another peer of this policy' : `policy ${again.name}`;
            const message = `except ${range.text} has no effect: ${who} lets all of it through again, for the same ports; delete one of the two`;
            return [{ rule: 'except-undone', path: [...peer.path, 'ipBlock', 'except', index], message }];
          }),
        ),
    ),
  );

/** Whether a policy isolates all pods that the other one does, for any set of pods. */
const isBeside = (outer: NetworkPolicy, inner: NetworkPolicy): boolean =>
  outer.namespace === inner.namespace && coversSelector(outer.pods, inner.pods);
