import type { SourceDocument } from './document.ts';
import { expandTopology } from './expand.ts';
import type { Problem } from './problem.ts';
import type { GivenOnce } from './read-given.ts';
import type { Note, Topology } from './scenario.ts';
import type { WrittenScenario } from './schema.ts';
import { fitsLimits } from './size.ts';
import type { Allowance } from './source.ts';
import { wholeOf } from './whole.ts';
import { addServices, type Given } from './workloads/index.ts';

/** The keys of scenario.yaml that make a topology. */
const KEYS = ['namespaces', 'hosts', 'nodes', 'services'] as const;

export interface JoinedTopology {
  /** null if a part of it is unsound. */
  readonly topology: Topology | null;
  readonly notes: readonly Note[];
}

/** What manifests alone make, by their key, if nothing has to be said about it: that would have another place in each file. */
const known = new WeakMap<object, JoinedTopology>();

/** Whether the manifests are all there is. */
const isSilent = ({ namespaces = {}, hosts, nodes, services }: WrittenScenario): boolean =>
  Object.keys(namespaces).length === 0 && !hosts && !nodes && !services;

/** What a scenario says of its topology, together with what its manifests give; the same manifests alone make the same one. */
export const joinTopology = (
  document: SourceDocument,
  { key, read }: GivenOnce,
  sound: (key?: string) => boolean,
  problems: Problem[],
  size: Allowance['size'],
): JoinedTopology => {
  const isAlone = KEYS.every(sound) && isSilent(document.value as WrittenScenario);
  const found = isAlone ? known.get(key) : undefined;
  if (found) return found;
  const before = problems.length;
  const joined = join(document, read(), sound, problems, size);
  if (isAlone && problems.length === before && joined.notes.length === 0) known.set(key, joined);
  return joined;
};

const join = (
  document: SourceDocument,
  given: Given,
  sound: (key?: string) => boolean,
  problems: Problem[],
  size: Allowance['size'],
): JoinedTopology => {
  if (!sound('namespaces')) return { topology: null, notes: given.notes };
  const whole = wholeOf(document, given, problems);
  const isSound = fitsLimits(whole.document, sound, problems, size) && KEYS.every(sound);
  if (!isSound) return { topology: null, notes: given.notes };
  const expanded = expandTopology(whole.document, whole.document.value as WrittenScenario, problems);
  const { topology, notes } = addServices(expanded, given.services, problems);
  return { topology, notes: [...given.notes, ...whole.notes, ...notes] };
};
