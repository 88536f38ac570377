import { both, type Decision, isolates, type Model } from '../decide.ts';
import type { Direction, NetworkPolicy } from '../policy.ts';
import type { Port } from '../world.ts';
import type { Row } from './bits.ts';
import { forEachDifference } from './bits.ts';
import { classesOf, type EndpointClass, refine } from './classes.ts';
import { createRows, decisionIn, type Rows } from './rows.ts';

/** Connections whose decision changed: from each of the sources to each of the destinations. */
export interface ChangedCells {
  readonly from: readonly EndpointClass[];
  readonly to: readonly EndpointClass[];
  readonly port: Port;
  readonly before: Decision;
  readonly after: Decision;
}

/**
 * The connections on the ports that the other policies decide differently; each appears in exactly one result. Both
 * models must have the same endpoints (`withPolicies`); policies that are the same object in both count as unchanged.
 * If an endpoint is both a source and a destination, its connection to itself is not included, because nothing changes
 * it.
 */
export const changesBetween = (before: Model, after: Model, ports: readonly Port[]): readonly ChangedCells[] => {
  const changed = [...differenceOf(before.policies, after.policies), ...differenceOf(after.policies, before.policies)];
  const classes = refine(classesOf(before), changed);
  const touched = (direction: Direction) =>
    new Set(classes.filter(({ sample }) => changed.some((policy) => isolates(policy, sample, direction))));
  const destinations = touched('ingress');
  const sources = touched('egress');
  const rows = createRows(classes);
  const rowsBefore = rows(before);
  const rowsAfter = rows(after);
  return ports.flatMap((port) => {
    const was = rowsBefore(port);
    const changedRows = rowsAfter(port);
    // What no changed policy isolates stays the same.
    const is: Rows = {
      ingress: (to) => (destinations.has(to) ? changedRows : was).ingress(to),
      egress: (from) => (sources.has(from) ? changedRows : was).egress(from),
    };
    return [
      ...[...destinations].flatMap((to) =>
        differencesOf(was.ingress(to), is.ingress(to), classes, (from) => change(was, is, from, to)).map(
          ([others, decisions]) => ({ from: others, to: [to], port, ...decisions }),
        ),
      ),
      ...[...sources].flatMap((from) =>
        differencesOf(was.egress(from), is.egress(from), classes, (to) =>
          // Changes of its ingress are already reported.
          destinations.has(to) && isChanged(was.ingress(to), is.ingress(to), from) ? null : change(was, is, from, to),
        ).map(([others, decisions]) => ({ from: [from], to: others, port, ...decisions })),
      ),
    ];
  });
};

interface Decisions {
  readonly before: Decision;
  readonly after: Decision;
}

const differenceOf = (some: readonly NetworkPolicy[], others: readonly NetworkPolicy[]): readonly NetworkPolicy[] => {
  const known = new Set(others);
  return some.filter((policy) => !known.has(policy));
};

const change = (was: Rows, is: Rows, from: EndpointClass, to: EndpointClass): Decisions | null => {
  if (from === to && from.members.length === 1) return null;
  const [before, after] = [decisionOf(was, from, to), decisionOf(is, from, to)];
  return before === after ? null : { before, after };
};

const decisionOf = (rows: Rows, from: EndpointClass, to: EndpointClass): Decision =>
  both(decisionIn(rows.egress(from), to), decisionIn(rows.ingress(to), from));

const isChanged = (was: Row, is: Row, other: EndpointClass): boolean =>
  decisionIn(was, other) !== decisionIn(is, other);

/** The classes on which two rows differ, by the result of `compare`; leaves out those that it finds to be the same. */
const differencesOf = (
  was: Row,
  is: Row,
  classes: readonly EndpointClass[],
  compare: (other: EndpointClass) => Decisions | null,
): readonly (readonly [readonly EndpointClass[], Decisions])[] => {
  if (was === is) return [];
  const found = new Map<string, [EndpointClass[], Decisions]>();
  const add = (id: number): void => {
    const other = classes[id] as EndpointClass;
    const decisions = compare(other);
    if (!decisions) return;
    const key = `${decisions.before} ${decisions.after}`;
    const group = found.get(key) ?? [[], decisions];
    found.set(key, group);
    group[0].push(other);
  };
  forEachDifference(was.sure, is.sure, add);
  forEachDifference(was.possible, is.possible, (id) => {
    // A difference in both was reported just before.
    const other = classes[id] as EndpointClass;
    if ((decisionIn(was, other) === 'allow') === (decisionIn(is, other) === 'allow')) add(id);
  });
  return [...found.values()];
};
