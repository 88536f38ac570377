import type { Wanted, WantedNamespace, WantedPod } from './wanted.ts';
import { keyOfPod } from './wanted.ts';

type Labels = Readonly<Record<string, string>>;

/** Labels to change, by key; null removes one. */
export type LabelChanges = Readonly<Record<string, string | null>>;

export interface Relabelled<Thing> {
  readonly thing: Thing;
  readonly changes: LabelChanges;
}

/** What has to happen in the cluster between two topologies. */
export interface Difference {
  readonly goneNamespaces: readonly WantedNamespace[];
  /** Without those that go with their namespace. */
  readonly gonePods: readonly WantedPod[];
  readonly newNamespaces: readonly WantedNamespace[];
  readonly newPods: readonly WantedPod[];
  readonly relabelledNamespaces: readonly Relabelled<WantedNamespace>[];
  readonly relabelledPods: readonly Relabelled<WantedPod>[];
}

/** A pod keeps running if only its labels change; one that differs otherwise makes way for its successor. */
export const differenceBetween = (before: Wanted, after: Wanted): Difference => {
  const namespaces = compared(
    before.namespaces,
    after.namespaces,
    ({ name }) => name,
    () => true,
  );
  const pods = compared(before.pods, after.pods, keyOfPod, isSamePod);
  const going = new Set(namespaces.gone.map(({ name }) => name));
  return {
    goneNamespaces: namespaces.gone,
    gonePods: pods.gone.filter(({ namespace }) => !going.has(namespace)),
    newNamespaces: namespaces.come,
    newPods: pods.come,
    relabelledNamespaces: relabelled(namespaces.stay, ({ labels }) => labels),
    relabelledPods: relabelled(pods.stay, ({ pod }) => pod.labels),
  };
};

type Pair<Thing> = readonly [was: Thing, is: Thing];

const compared = <Thing>(
  before: readonly Thing[],
  after: readonly Thing[],
  keyOf: (thing: Thing) => string,
  isSame: (one: Thing, other: Thing) => boolean,
) => {
  const was = new Map(before.map((thing) => [keyOf(thing), thing]));
  const stay: Pair<Thing>[] = [];
  const come: Thing[] = [];
  for (const thing of after) {
    const old = was.get(keyOf(thing));
    if (old === undefined || !isSame(old, thing)) come.push(thing);
    else {
      stay.push([old, thing]);
      was.delete(keyOf(thing));
    }
  }
  return { gone: [...was.values()], come, stay };
};

const isSamePod = ({ pod: one }: WantedPod, { pod: other }: WantedPod): boolean => specOf(one) === specOf(other);

const specOf = ({ ports, addresses, hostNetwork, readiness }: WantedPod['pod']): string =>
  JSON.stringify([
    ports.map(({ number, protocol, name }) => [number, protocol, name]),
    addresses ?? [],
    hostNetwork ?? false,
    readiness ?? null,
  ]);

const relabelled = <Thing>(
  pairs: readonly Pair<Thing>[],
  labelsOf: (thing: Thing) => Labels,
): readonly Relabelled<Thing>[] =>
  pairs.flatMap(([was, is]) => {
    const changes = labelChanges(labelsOf(was), labelsOf(is));
    return Object.keys(changes).length > 0 ? [{ thing: is, changes }] : [];
  });

const labelChanges = (was: Labels, is: Labels): LabelChanges => ({
  ...Object.fromEntries(Object.keys(was).flatMap((key) => (Object.hasOwn(is, key) ? [] : [[key, null] as const]))),
  ...Object.fromEntries(Object.entries(is).filter(([key, value]) => was[key] !== value)),
});
