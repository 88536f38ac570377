/** Changes that would open a probe that policies deny. Only changes that the model has tried are suggested. */

import { compile } from '../compile.ts';
import { type Connection, type Decision, decideSide, type Model } from '../decide.ts';
import { backendsDiffer, decide } from '../decide-probe.ts';
import type { Direction } from '../policy.ts';
import { waysTo } from '../service-way.ts';
import type { Probe } from '../world.ts';
import { candidatesFor } from './advice-candidates.ts';
import { allowAllIn, applyChange, type Change, type ModelInput, touches } from './advice-change.ts';
import { type Effect, effectBetween } from './advice-effect.ts';
import { around, type Parts, partsOf, probesOf, withServers } from './advice-parts.ts';
import { type Reach, reachesBetween, widest, widthOfAll } from './advice-reach.ts';
import { explainConnection, type Side } from './explain.ts';

/** A change that was tried, with the other connections to declared ports that it opens and closes. */
export interface TriedChange extends Effect {
  readonly change: Change;
  /** Who else it opens the connection for, in this world or not; at most one entry per end. */
  readonly reach: readonly Reach[];
}

/** The result of the probe with a policy that allows everything in one direction of a namespace. */
export interface AllowAll {
  readonly direction: Direction;
  readonly namespace: string;
  readonly decision: Decision;
  /** The sides that would still deny it. */
  readonly blocking: readonly { readonly direction: Direction; readonly endpoint: string }[];
}

export interface Advice {
  /** Each opens the probe by itself; at most three, the narrowest first. */
  readonly changes: readonly TriedChange[];
  /**
   * If several sides deny, and no single change opens the probe without closing others: the changes that do so
   * together.
   */
  readonly together: readonly TriedChange[];
  /** One for each side that denies. */
  readonly allowAll: readonly AllowAll[];
}

const NOTHING: Advice = { changes: [], together: [], allowAll: [] };

const CHANGES_AT_MOST = 3;

/** Nobody fixes more than this many by hand. */
const DENIED_AT_MOST = 6;

/** One end of a connection of the probe, where policies deny it. */
interface Denied {
  readonly key: string;
  readonly connection: Connection;
  readonly side: Side;
}

/**
 * Finds changes that would open a denied probe, or one that reaches only some backends of a Service; nothing for any
 * other probe. A name's lookup is part of its probe. Throws a RangeError for an unknown endpoint, and for labels in the
 * world that Kubernetes would refuse.
 */
export const advise = (given: ModelInput, asked: Probe): Advice => {
  const byName = waysTo(given.world.services).get(asked.to)?.way === 'dns';
  const input = byName ? withServers(given) : given;
  const model = compiled(input);
  if (decide(model, asked) !== 'deny' && !backendsDiffer(model, asked)) return NOTHING;
  const parts = partsOf(model, asked);
  const denied = deniedIn(model, parts).slice(0, DENIED_AT_MOST);
  const candidates = denied.map(({ side, connection }) => distinct(candidatesFor(side, connection, model)));
  const small = around(input, parts);
  const allowAll = tryAllowAlls(small, asked, denied);
  const rank = ranking(input, model, asked, parts);

  const opening = distinct(candidates.flat()).filter((change) => opens(small, [change], asked, parts));
  const changes = rank(opening).slice(0, CHANGES_AT_MOST);
  const harmless = changes.some(({ closes }) => closes === 0);
  if (harmless || denied.length < 2) return { changes, together: [], allowAll };

  const forEach = denied.map((one, index) =>
    rank((candidates[index] ?? []).filter((change) => opensSide(small, [change], asked, one))),
  );
  return { changes, together: firstTogether(small, asked, parts, denied, forEach), allowAll };
};

const compiled = ({ world, policies }: ModelInput): Model => compile(world, policies);

const changedBy = (input: ModelInput, changes: readonly Change[]): ModelInput => changes.reduce(applyChange, input);

const deniedIn = (model: Model, parts: Parts): readonly Denied[] =>
  [...parts].flatMap(([key, connection]) =>
    explainConnection(model, connection)
      .sides.filter((side) => side.decision === 'deny')
      .map((side) => ({ key, connection, side })),
  );

/** Whether the probe is open afterwards and still has the same connections: losing a backend is no fix. */
const opens = (small: ModelInput, changes: readonly Change[], asked: Probe, parts: Parts): boolean => {
  const after = compiled(changedBy(small, changes));
  const now = partsOf(after, asked);
  return decide(after, asked) === 'allow' && now.size === parts.size && [...parts.keys()].every((key) => now.has(key));
};

const opensSide = (small: ModelInput, changes: readonly Change[], asked: Probe, { key, side }: Denied): boolean => {
  const after = compiled(changedBy(small, changes));
  const connection = partsOf(after, asked).get(key);
  return connection !== undefined && decideSide(after, connection, side.direction) === 'allow';
};

const TRIES_AT_MOST = 200;

/** A change for each side that the changes before it leave denied: the first combination that opens the probe. */
const firstTogether = (
  small: ModelInput,
  asked: Probe,
  parts: Parts,
  denied: readonly Denied[],
  candidates: readonly (readonly TriedChange[])[],
): readonly TriedChange[] => {
  let tries = 0;
  const search = (chosen: readonly TriedChange[], index: number): readonly TriedChange[] | null => {
    const side = denied[index];
    const changes = chosen.map(({ change }) => change);
    tries += 1;
    if (tries > TRIES_AT_MOST) return null;
    if (!side) return opens(small, changes, asked, parts) ? chosen : null;
    if (chosen.length > 0 && opensSide(small, changes, asked, side)) return search(chosen, index + 1);
    for (const candidate of candidates[index] ?? []) {
      const found = search([...chosen, candidate], index + 1);
      if (found) return found;
    }
    return null;
  };
  return search([], 0) ?? [];
};

/** The size of the edit, the last tie-breaker between two changes. */
const EDITS: readonly Change['kind'][] = ['selector', 'labels', 'port', 'rule', 'policy'];

/**
 * Sorts changes: those that open the least first, where strangers of a whole namespace count for more than pods. Among
 * equals, the correction of a slip comes first: what it opens besides is what the policy was meant to open.
 */
const ranking =
  (input: ModelInput, model: Model, asked: Probe, parts: Parts) =>
  (changes: readonly Change[]): readonly TriedChange[] =>
    changes
      .map((change): TriedChange => {
        const after = compiled(applyChange(input, change));
        const effect = effectBetween(model, after, (endpoint) => touches(change, endpoint), probesOf(parts));
        return { change, ...effect, reach: reachOf(model, after, asked, parts) };
      })
      .toSorted(
        (a, b) =>
          widthOfAll(a.reach) - widthOfAll(b.reach) ||
          Number(b.change.kind === 'selector') - Number(a.change.kind === 'selector') ||
          a.opens + a.closes - (b.opens + b.closes) ||
          EDITS.indexOf(a.change.kind) - EDITS.indexOf(b.change.kind),
      );

const DIRECTIONS: readonly Direction[] = ['egress', 'ingress'];

const reachOf = (before: Model, after: Model, asked: Probe, parts: Parts): readonly Reach[] => {
  const now = partsOf(after, asked);
  const reaches = [...parts].flatMap(([key, was]) => {
    const is = now.get(key);
    return is ? DIRECTIONS.flatMap((direction) => reachesBetween([before, was], [after, is], direction)) : [];
  });
  return widest(reaches);
};

const distinct = (changes: readonly Change[]): readonly Change[] => [
  ...new Map(changes.map((change) => [keyOf(change), change])).values(),
];

const keyOf = (change: Change): string =>
  JSON.stringify(change, (key, value: unknown) => {
    if (key !== 'policy') return value;
    const { namespace, name } = value as { readonly namespace: string; readonly name: string };
    return `${namespace}/${name}`;
  });

/** One for each direction of each namespace in which a side denies. */
const tryAllowAlls = (small: ModelInput, asked: Probe, denied: readonly Denied[]): readonly AllowAll[] => {
  const places = denied.flatMap(({ side: { direction }, connection: { from, to } }) => {
    const { namespace } = direction === 'egress' ? from : to;
    return namespace ? [{ direction, namespace: namespace.name }] : [];
  });
  const distinctPlaces = new Map(places.map((place) => [`${place.direction} ${place.namespace}`, place]));
  return [...distinctPlaces.values()].map(({ direction, namespace }) => {
    const model = compiled(applyChange(small, allowAllIn(namespace, direction)));
    const sides = deniedIn(model, partsOf(model, asked)).map(({ side }) => side);
    const blocking = new Map(sides.map((side) => [`${side.direction} ${side.endpoint}`, side]));
    return {
      direction,
      namespace,
      decision: decide(model, asked),
      blocking: [...blocking.values()].map((side) => ({ direction: side.direction, endpoint: side.endpoint })),
    };
  });
};
