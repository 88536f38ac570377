import { PodreachError } from '../errors.ts';
import type { Scenario } from '../scenario/index.ts';
import { listed } from '../text.ts';
import { matching } from './matching.ts';

export interface Selection {
  readonly grep?: RegExp;
  readonly shard?: { readonly index: number; readonly count: number };
}

/**
 * Keeps the scenarios whose name matches, and of those every n-th for a shard, so that shards are alike. Throws a
 * PodreachError if no name matches.
 */
export const select = (scenarios: readonly Scenario[], { grep, shard }: Selection): Scenario[] => {
  const named = grep ? matching(scenarios, grep) : [...scenarios];
  if (named.length === 0) {
    throw new PodreachError(`no scenario's name matches ${grep}`, {
      hint: `the names are ${listed(scenarios.map(({ name }) => name))}`,
    });
  }
  return shard ? named.filter((_, place) => place % shard.count === shard.index - 1) : named;
};
