import { DIRECTIONS, type Direction, type NetworkPolicy } from '../model/index.ts';
import type { ReadPolicy } from '../scenario/index.ts';
import type { Mutant } from './mutations.ts';

/** Why a mutant changes nothing. */
export type WhySame =
  /** The policy by itself means the same. */
  | { readonly kind: 'alone' }
  /** In each direction, other policies make up for it: these, or none of them alone. */
  | { readonly kind: 'others'; readonly policies: readonly string[] }
  /** It would let through, or block, only what is blocked in the other direction anyway: by these, or none of them alone. */
  | { readonly kind: 'other-end'; readonly blocked: Direction; readonly policies: readonly string[] };

export interface SameMutant {
  readonly mutant: Mutant;
  readonly why: WhySame;
}

type Specs = readonly NetworkPolicy[];

const OTHER: Readonly<Record<Direction, Direction>> = { ingress: 'egress', egress: 'ingress' };
const TRIED_AT_MOST = 50;

/** Why a mutant that changes no cell does not. `changes` says whether a cell differs between two sets of policies. */
export const whySame = (
  { policy, spec }: Pick<Mutant, 'policy' | 'spec'>,
  policies: readonly ReadPolicy[],
  changes: (was: Specs, is: Specs) => boolean,
): WhySame => {
  const own = spec ? [spec] : [];
  if (!changes([policy.spec], own)) return { kind: 'alone' };
  const others = policies.filter((one) => one !== policy);
  const changesBeside = (beside: Specs, shown: (one: NetworkPolicy) => NetworkPolicy = (one) => one): boolean =>
    changes([policy.spec, ...beside].map(shown), [...own, ...beside].map(shown));
  /** The policies without any of which, one at a time, the mutant would be noticed. */
  const neededFor = (shown?: (one: NetworkPolicy) => NetworkPolicy): readonly string[] =>
    others
      .slice(0, TRIED_AT_MOST)
      .filter((left) =>
        changesBeside(
          others.flatMap((one) => (one === left ? [] : one.spec)),
          shown,
        ),
      )
      .map(({ namespace, name }) => `${namespace}/${name}`);
  const specs = others.map((one) => one.spec);
  for (const direction of DIRECTIONS) {
    const alone = (one: NetworkPolicy): NetworkPolicy => ({ ...one, [OTHER[direction]]: null });
    if (changesBeside(specs, alone)) return { kind: 'other-end', blocked: OTHER[direction], policies: neededFor() };
  }
  return { kind: 'others', policies: neededFor() };
};
