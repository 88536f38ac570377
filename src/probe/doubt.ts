import { type Endpoint, isService } from '../deploy/index.ts';
import { type Probe, portText } from '../scenario/index.ts';
import type { Observation } from './verdict.ts';

/** Equal for all probes of one server. */
export const serverKey = ({ to, port, protocol, family }: Omit<Probe, 'from'>): string =>
  `${to} ${port}/${protocol} ${family}`;

/** A pod always reaches itself, whatever the policies (kubernetes.io/docs/concepts/services-networking/network-policies). */
const isUnresponsive = ({ from, to, verdict }: Observation): boolean =>
  from === to && verdict !== 'allowed' && verdict !== 'unsupported';

/**
 * The observations, with errors in place of those that prove nothing: a server that does not even answer itself is
 * broken, not blocked, though the cluster may not have noticed yet, and so is a Service in front of it. Every
 * observation of a pod that did not survive the probing also becomes an error.
 */
export const doubtful = (
  observations: readonly Observation[],
  endpoints: ReadonlyMap<string, Endpoint>,
  lost: ReadonlyMap<string, string>,
): readonly Observation[] => {
  const trusted = observations.map((observation) => distrust(observation, lost));
  const unresponsive = new Set(trusted.filter(isUnresponsive).map(serverKey));
  return trusted.map((observation) => {
    const { from, to, verdict, detail } = observation;
    if (from === to || (verdict !== 'dropped' && verdict !== 'rejected')) return observation;
    const broken = serversBehind(observation, endpoints).find((server) => unresponsive.has(serverKey(server)));
    if (!broken) return observation;
    return { ...observation, ...ERROR, detail: `${broken.to} does not even answer itself there; ${detail}` };
  });
};

const ERROR = { verdict: 'error', flaky: false } as const;

/** The servers that a probe may reach: those of its Service, if it goes to one. */
const serversBehind = (
  probe: Omit<Probe, 'from'>,
  endpoints: ReadonlyMap<string, Endpoint>,
): readonly Omit<Probe, 'from'>[] => {
  const to = endpoints.get(probe.to);
  if (!to || !isService(to)) return [probe];
  const { backends = [] } = to.translations.get(portText({ number: probe.port, protocol: probe.protocol })) ?? {};
  return backends.map(({ endpoint, port }) => ({ ...probe, to: endpoint, port }));
};

const distrust = (observation: Observation, lost: ReadonlyMap<string, string>): Observation => {
  const endpoint = [observation.from, observation.to].find((name) => lost.has(name));
  if (endpoint === undefined || observation.verdict === 'unsupported') return observation;
  return { ...observation, ...ERROR, detail: `${endpoint} broke: ${lost.get(endpoint)}` };
};
