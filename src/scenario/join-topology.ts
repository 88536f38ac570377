import type { SourceDocument } from './document.ts';
import { expandTopology } from './expand.ts';
import type { Problem } from './problem.ts';
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

/** What a scenario says of its topology, together with what its manifests give. */
export const joinTopology = (
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
