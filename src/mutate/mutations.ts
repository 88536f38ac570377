import { DIRECTIONS, type Direction, type NetworkPolicy, type Path, readPolicy } from '../model/index.ts';
import type { ReadPolicy } from '../scenario/index.ts';
import type { Draft, Mutation } from './mutant.ts';
import { draftsOfRule, splitPeers } from './rules.ts';
import { draftsOfSelector } from './selectors.ts';
import { changedAt, listIn, type Mapping, mappingIn } from './tree.ts';

/** One of a policy's mutants, as it is sent and as it is read. */
export interface Mutant extends Mutation {
  /** The policy that it was. */
  readonly policy: ReadPolicy;
  /** null if the policy is gone. */
  readonly spec: NetworkPolicy | null;
}

/**
 * The policy with each mistake that people make, one at a time: a part dropped, widened or misspelt, a port or a prefix off
 * by one, a direction isolated or not. What the API server would refuse is left out, because it is noticed there.
 */
export const mutantsOf = (policy: ReadPolicy): readonly Mutant[] => {
  const { manifest, spec } = policy;
  const edited = [...draftsOf(mappingIn(manifest.spec), spec)].flatMap((draft): readonly Mutant[] => {
    const { edit, path, value, at = path } = draft;
    const changed = mappingIn(changedAt(manifest, at, value));
    let isSound = true;
    const refuse = () => {
      isSound = false;
    };
    const read = readPolicy(changed, refuse, { namespace: policy.namespace });
    return read && isSound ? [{ policy, edit, path, manifest: changed, spec: read }] : [];
  });
  return [{ policy, edit: { kind: 'policy-removed' }, path: [], manifest: null, spec: null }, ...edited];
};

const TYPE: Readonly<Record<Direction, string>> = { ingress: 'Ingress', egress: 'Egress' };

function* draftsOf(spec: Mapping, read: NetworkPolicy): Generator<Draft> {
  yield* draftsOfSelector(spec.podSelector, ['spec', 'podSelector'], 'pods');
  yield* draftsOfTypes(read);
  for (const direction of DIRECTIONS) {
    // Rules of a direction that is not isolated have no effect.
    if (read[direction] === null) continue;
    for (const [at, rule] of listIn(spec[direction]).entries()) {
      const path: Path = ['spec', direction, at];
      yield* draftsOfRule(rule, path, direction);
      const key = direction === 'ingress' ? 'from' : 'to';
      yield* splitPeers(listIn(mappingIn(rule)[key]), [...path, key]);
    }
  }
}

/** A policy has to name a direction, or the default counts. */
function* draftsOfTypes(read: NetworkPolicy): Generator<Draft> {
  const path = ['spec', 'policyTypes'];
  const isolated = DIRECTIONS.filter((direction) => read[direction] !== null);
  for (const direction of DIRECTIONS) {
    const isIsolated = isolated.includes(direction);
    const left = isIsolated ? isolated.filter((one) => one !== direction) : [...isolated, direction];
    const kind = isIsolated ? 'does-not-isolate' : 'isolates';
    if (left.length > 0) yield { edit: { kind, direction }, path, value: left.map((one) => TYPE[one]) };
  }
}
