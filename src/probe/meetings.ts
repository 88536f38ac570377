import { type Endpoint, isHost, isService } from '../deploy/index.ts';
import { type Probe, portText } from '../scenario/index.ts';
import { serverKey } from './doubt.ts';
import type { Observation } from './verdict.ts';

/** Services with more backends are not waited for: their connections are too few to meet each in time. */
const MOST_BACKENDS = 24;

/** Which backends of a Service have answered so far. */
export interface Meetings {
  note(observation: Observation): void;
  /** The backends that have answered nobody on the source's node. */
  missing(probe: Probe): readonly string[];
}

/**
 * Each node chooses a Service's backend by rules of its own, and learns of a new backend a moment after the API server.
 * Until then all connections go to the others, as if the new one were not there. This holds for the Service's own
 * address; with session affinity a client meets only one backend.
 */
export const createMeetings = (endpoints: ReadonlyMap<string, Endpoint>): Meetings => {
  const met = new Map<string, ReadonlySet<string>>();
  const keyOf = (probe: Probe): string => `${nodeOf(endpoints.get(probe.from))} ${serverKey(probe)}`;
  return {
    note: (observation) => {
      const key = keyOf(observation);
      met.set(key, (met.get(key) ?? new Set()).union(observation.servers ?? new Set()));
    },
    missing: (probe) => {
      const backends = backendsOf(endpoints.get(probe.to), probe);
      if (backends.length < 2 || backends.length > MOST_BACKENDS) return [];
      const known = met.get(keyOf(probe));
      return backends.filter((backend) => !known?.has(backend));
    },
  };
};

const nodeOf = (from: Endpoint | undefined): string =>
  from === undefined || isService(from) || isHost(from) ? `outside ${from?.endpoint}` : from.node;

const backendsOf = (to: Endpoint | undefined, { port, protocol }: Probe): readonly string[] => {
  if (!to || !isService(to) || to.way !== 'svc' || to.sticky) return [];
  return to.translations.get(portText({ number: port, protocol }))?.backends.map(({ endpoint }) => endpoint) ?? [];
};
