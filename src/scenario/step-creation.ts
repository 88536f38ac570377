import type { Path, SourceDocument } from './document.ts';
import { expandTopology } from './expand.ts';
import type { Problem } from './problem.ts';
import type { Namespace, Topology } from './scenario.ts';
import type { WrittenScenario } from './schema.ts';
import { fitsLimits } from './size.ts';
import { type TellStep, thingsIn } from './step-things.ts';
import { addressKey, podsOf } from './topology.ts';
import { wholeOf } from './whole.ts';
import { NOTHING_GIVEN } from './workloads/index.ts';

/** The namespaces and pods under `create`, by themselves. */
export const createdBy = (document: SourceDocument, problems: Problem[]): readonly Namespace[] => {
  const part = document.part(['create']);
  const sound = (key?: string): boolean => key === 'namespaces';
  if (!fitsLimits(part, sound, problems)) return [];
  const { document: whole } = wholeOf(part, NOTHING_GIVEN, problems);
  if (!fitsLimits(whole, sound, problems)) return [];
  return expandTopology(whole, whole.value as WrittenScenario, problems).namespaces;
};

/**
 * The topology with these namespaces and pods as well; what is there already goes to `problems`.
 * @param before The topology before the step removed anything.
 */
export const addTo = (
  topology: Topology,
  created: readonly Namespace[],
  before: Topology,
  document: SourceDocument,
  problems: Problem[],
): Topology => {
  if (created.length === 0) return topology;
  const namespaces = new Map(topology.namespaces.map((one) => [one.name, one]));
  const known = thingsIn(topology);
  const gone = thingsIn(before);
  const tellKey: TellStep = (path, message) =>
    void problems.push(document.problemAtKey(['create', 'namespaces', ...path], message));
  /** Whether it is new; tells if not. */
  const isNew = (name: string, path: Path): boolean => {
    const why = known.has(name)
      ? `${name} is there already`
      : gone.has(name)
        ? `${name} is removed in the same step: create it in a later one`
        : null;
    if (why !== null) tellKey(path, why);
    return why === null;
  };
  const pinned = pinnedIn(topology);
  for (const { name, labels, pods } of created) {
    const there = namespaces.get(name);
    if (there && Object.keys(labels).length > 0)
      tellKey([name, 'labels'], `namespace:${name} is there already: change its labels with \`label\``);
    else if (!there || pods.length === 0) isNew(`namespace:${name}`, [name]);
    const fresh = pods.filter((pod) => isNew(pod.endpoint, [name, 'pods', pod.name]));
    for (const { name: pod, addresses = [] } of fresh)
      for (const address of addresses) {
        const owner = pinned.get(addressKey(address));
        if (owner !== undefined)
          tellKey([name, 'pods', pod, 'address'], `duplicate address ${address}: ${owner} has it in this step`);
      }
    namespaces.set(name, there ? { ...there, pods: [...there.pods, ...fresh] } : { name, labels, pods: fresh });
  }
  return { ...topology, namespaces: [...namespaces.values()] };
};

const pinnedIn = (topology: Topology): ReadonlyMap<string, string> =>
  new Map(
    [...podsOf(topology), ...topology.hosts].flatMap(({ endpoint, addresses = [] }) =>
      addresses.map((address) => [addressKey(address), endpoint] as const),
    ),
  );
