import type { Topology } from './scenario.ts';
import { podsOf } from './topology.ts';

/** Whether every pod of a topology runs in the one before it already, whatever its labels were. */
export const keepsPods = (before: Topology, after: Topology): boolean => {
  const keysIn = (topology: Topology) => podsOf(topology).map((pod) => JSON.stringify({ ...pod, labels: {} }));
  const there = new Set(keysIn(before));
  return keysIn(after).every((key) => there.has(key));
};
