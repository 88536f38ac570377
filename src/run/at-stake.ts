import { modelOf, type Situation } from '../matrix/index.ts';
import { type Direction, isolates } from '../model/index.ts';
import type { Probe, ReadPolicy } from '../scenario/index.ts';

/**
 * Tells the cells that a change could disturb for a moment: those with an end that a policy isolates which is new, gone or not
 * the same.
 */
export const createAtStake = (before: Situation, after: Situation): ((probe: Probe) => boolean) => {
  const [was, is] = [before, after].map(({ policies }) => new Map(policies.map((policy) => [keyOf(policy), policy])));
  const changed = [...(was ?? []), ...(is ?? [])].flatMap(([key, { spec }]) =>
    was?.has(key) && is?.has(key) ? [] : spec,
  );
  const endsIn = (direction: Direction): ReadonlySet<string> =>
    new Set(
      [before, after].flatMap((situation) =>
        [...modelOf(situation).endpoints.values()].flatMap((end) =>
          changed.some((spec) => isolates(spec, end, direction)) ? end.name : [],
        ),
      ),
    );
  const [sources, targets] = [endsIn('egress'), endsIn('ingress')];
  return ({ from, to }) => sources.has(from) || targets.has(to);
};

const keyOf = ({ namespace, name, manifest }: ReadPolicy): string => JSON.stringify([namespace, name, manifest.spec]);
