import type { Endpoint } from '../model/index.ts';

/** `isProbed` of a topology, for pods and hosts. */
export const isBetween = (from: Endpoint, to: Endpoint): boolean => {
  if (from.kind !== 'host' && to.kind !== 'host') return true;
  return from.kind !== to.kind && !from.hostNetwork && !to.hostNetwork;
};
