import { type End, endsOf, type Topology } from '../scenario/index.ts';
import type { EndChange } from './result.ts';

/** The ends that are new, gone, or not what they were, and the namespaces whose labels changed. */
export const endChanges = (before: Topology, after: Topology): readonly EndChange[] => {
  if (before === after) return [];
  const [was, is] = [byName(before), byName(after)];
  const changed = [...is].flatMap(([name, end]): readonly EndChange[] => {
    const own = was.get(name);
    if (!own) return [{ name, change: 'added' }];
    const change = changeOf(own, end);
    return change ? [{ name, change }] : [];
  });
  const removed = [...was.keys()]
    .filter((name) => !is.has(name))
    .map((name): EndChange => ({ name, change: 'removed' }));
  return [...namespaceChanges(before, after), ...changed, ...removed];
};

const byName = (topology: Topology): ReadonlyMap<string, End> =>
  new Map(endsOf(topology).map((end) => [end.endpoint, end]));

const changeOf = (was: End, is: End): EndChange['change'] | null => {
  if (was.kind === 'pod' && is.kind === 'pod' && !isSame(was.labels, is.labels)) return 'labels';
  if (!isSame(was.ports, is.ports)) return 'ports';
  return isSame(was, is) ? null : 'other';
};

const namespaceChanges = (before: Topology, after: Topology): readonly EndChange[] => {
  const labels = new Map(before.namespaces.map((namespace) => [namespace.name, namespace.labels]));
  return after.namespaces
    .filter(({ name, labels: now }) => labels.has(name) && !isSame(labels.get(name), now))
    .map(({ name }) => ({ name: `namespace ${name}`, change: 'labels' }));
};

/** Whether plain data is equal, whatever the order of its keys. */
const isSame = (one: unknown, other: unknown): boolean => {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => isSame(one[key as keyof typeof one], other[key as keyof typeof other]))
  );
};
