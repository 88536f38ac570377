import { PodreachError } from '../../errors.ts';
import type { Shard } from '../../matrix/index.ts';
import type { Scenario } from '../../scenario/index.ts';
import { listed, quoted } from '../../text.ts';
import { matching, type Selection } from '../flags/index.ts';
import { shardOf } from './shard.ts';

/** The part of the selection that one of several machines takes. */
export interface Sharding {
  readonly shard?: Shard;
  /** How long a scenario took in an earlier run; undefined if it was not in it. */
  readonly tookMs?: (scenario: Scenario) => number | undefined;
}

/**
 * Keeps the scenarios that were asked for, in their order, and of those the ones of a shard, which may be none. Throws a
 * PodreachError that names what nothing matches, unless that may be.
 */
export const select = (
  scenarios: readonly Scenario[],
  { grep, grepInvert, tag = [], forbidOnly, passWithNoTests, shard, tookMs }: Selection & Sharding,
): Scenario[] => {
  const focused = scenarios.filter(({ only }) => only);
  if (forbidOnly && focused[0]) throw forbidden(focused[0]);
  const start = focused.length > 0 ? focused : scenarios;
  const names = () => `the names are ${listed(start.map(({ name }) => name))}`;
  const filters: readonly Filter[] = [
    ...(grep ? [{ keep: byName(grep), without: `no scenario's name matches ${grep}`, hint: names }] : []),
    ...(grepInvert
      ? [{ keep: notByName(grepInvert), without: `every scenario's name matches ${grepInvert}`, hint: names }]
      : []),
    ...tag.map((any) => ({
      keep: (all: readonly Scenario[]) => all.filter(({ tags = [] }) => any.some((one) => tags.includes(one))),
      without: `no scenario has the tag ${any.join(' or ')}`,
      hint: () => tagsText(start),
    })),
  ];
  const kept = filters.reduce<readonly Scenario[]>((left, { keep, without, hint }) => {
    const found = keep(left);
    if (found.length > 0 || passWithNoTests) return found;
    throw new PodreachError(without, { hint: hint() });
  }, start);
  return shard ? shardOf(kept, shard, tookMs) : [...kept];
};

interface Filter {
  readonly keep: (scenarios: readonly Scenario[]) => readonly Scenario[];
  /** What is wrong if it keeps nothing. */
  readonly without: string;
  readonly hint: () => string;
}

const byName = (pattern: RegExp) => (scenarios: readonly Scenario[]) => matching(scenarios, pattern);

const notByName = (pattern: RegExp) => (scenarios: readonly Scenario[]) => {
  const matched = new Set(matching(scenarios, pattern, '--grep-invert'));
  return scenarios.filter((scenario) => !matched.has(scenario));
};

const tagsText = (scenarios: readonly Scenario[]): string => {
  const tags = new Set(scenarios.flatMap(({ tags: its = [] }) => its));
  return tags.size > 0 ? `the tags are ${listed([...tags].sort())}` : 'write `tags: [nightly]` into scenario.yaml';
};

const forbidden = ({ name, file }: Scenario): PodreachError =>
  new PodreachError(`${file}: ${quoted(name)} has \`only: true\`, so no other scenario would run`, {
    hint: 'remove it; --forbid-only is there to notice that it was left behind',
  });
