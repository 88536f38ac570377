import { type Deployment, type Endpoint, isHost, isService, questionOf } from '../deploy/index.ts';
import { predict, type Situation } from '../matrix/index.ts';
import { isKubelets } from '../probe/index.ts';
import type { RecordedCell, Target } from '../record/index.ts';
import { bareProbe, type Probe, probeKey } from '../scenario/index.ts';
import { createAtStake } from './at-stake.ts';
import { decisionsIn, directionOf } from './direction.ts';

/** A cell to record, and what the change does to it. */
export interface Watched extends Pick<RecordedCell, 'direction' | 'fromNode' | 'toNode'> {
  readonly probe: Probe;
  readonly target: Target;
}

export interface WatchList {
  readonly watched: readonly Watched[];
  /** How many more cells change. */
  readonly unwatched: number;
}

/** With more, each would be tried too rarely. */
const CHANGING_AT_MOST = 300;
const AT_STAKE_AT_MOST = 40;
const STEADY_AT_LEAST = 20;

/**
 * The cells that a change opens or closes according to the model, and some that it must leave as they are: first those
 * whose policies change. What is expected of them plays no part.
 */
export const watchListOf = (
  before: Situation,
  after: Situation,
  { endpoints }: Pick<Deployment, 'endpoints'>,
): WatchList => {
  const was = decisionsIn(before);
  const directions = predict(after).flatMap((one) => {
    const direction = directionOf(was.get(probeKey(one)), one);
    return direction && one.from !== one.to ? [{ direction, probe: bareProbe(one) }] : [];
  });
  const changing = directions.filter(({ direction }) => direction !== 'steady');
  const steady = directions.filter(({ direction }) => direction === 'steady');
  const all = [changing, steady].map((list) =>
    list.flatMap(({ direction, probe }): readonly Watched[] => {
      const place = placeOf(probe, endpoints);
      return place ? [{ direction, probe, ...place }] : [];
    }),
  );
  const watched = spread(all[0] ?? [], CHANGING_AT_MOST);
  const isAtStake = createAtStake(before, after);
  const { true: disturbed = [], false: others = [] } = Object.groupBy(
    all[1] ?? [],
    ({ probe }) => `${isAtStake(probe)}`,
  );
  const inDanger = spread(disturbed, AT_STAKE_AT_MOST);
  return {
    watched: [...watched, ...inDanger, ...spread(others, Math.max(0, STEADY_AT_LEAST - inDanger.length))],
    unwatched: changing.length - watched.length,
  };
};

/** Where a cell is, or null if it can't be recorded. */
export const placeOf = (
  probe: Probe,
  endpoints: ReadonlyMap<string, Endpoint>,
): Omit<Watched, 'direction' | 'probe'> | null => {
  const from = endpoints.get(probe.from);
  const to = endpoints.get(probe.to);
  if (probe.protocol !== 'TCP' || isKubelets(probe)) return null;
  if (!from || !to || isHost(from) || isService(from) || isHost(to) || isService(to)) return null;
  const { host, port } = questionOf(to, probe);
  return { fromNode: from.node, toNode: to.node, target: { host, port } };
};

/** At most so many of them, from all over the list. */
const spread = <Item>(items: readonly Item[], most: number): readonly Item[] =>
  items.length <= most
    ? items
    : Array.from({ length: most }, (_, at) => items[Math.floor((at * items.length) / most)] as Item);
