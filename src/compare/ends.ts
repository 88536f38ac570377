import { type End, endsOf, portText, type Topology } from '../scenario/index.ts';
import type { EndChange } from './result.ts';

/** The ends that are new, gone, or not what they were, and the namespaces whose labels changed. */
export const endChanges = (before: Topology, after: Topology): readonly EndChange[] => {
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
  if (was.kind === 'pod' && is.kind === 'pod' && textOf(was.labels) !== textOf(is.labels)) return 'labels';
  if (portsOf(was) !== portsOf(is)) return 'ports';
  return textOf(was) === textOf(is) ? null : 'other';
};

const portsOf = ({ ports }: End): string =>
  ports
    .map((port) => `${port.name ?? ''} ${portText(port)}`)
    .sort()
    .join();

const namespaceChanges = (before: Topology, after: Topology): readonly EndChange[] => {
  const labels = new Map(before.namespaces.map((namespace) => [namespace.name, textOf(namespace.labels)]));
  return after.namespaces
    .filter(({ name, labels: now }) => labels.has(name) && labels.get(name) !== textOf(now))
    .map(({ name }) => ({ name: `namespace ${name}`, change: 'labels' }));
};

/** Equal for equal data, whatever the order of its keys. */
const textOf = (data: unknown): string =>
  JSON.stringify(data, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  );
