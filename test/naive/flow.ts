import type { Probe } from '../../src/model/world.ts';
import type { End } from './ends.ts';

/**
 * [NP] "NetworkPolicy behaviour for hostNetwork pods is undefined, but it should be limited to 2 possibilities": a
 * plugin applies policies to them "just like it does to pod-network pods", or it "ignores hostNetwork pods when matching
 * podSelector and namespaceSelector" and treats their traffic as "traffic to/from the node IP".
 */
export type Plugin = 'sees pods' | 'sees nodes';

export const pluginsFor = (source: End, target: End): readonly Plugin[] =>
  source.hostNetwork || target.hostNetwork ? ['sees pods', 'sees nodes'] : ['sees pods'];

/** One connection in one of the ways in which it may happen. */
export interface Flow {
  readonly source: End;
  readonly target: End;
  readonly plugin: Plugin;
  readonly probe: Probe;
}
