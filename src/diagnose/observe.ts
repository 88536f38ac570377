/** Probes the connection from the real pod. */
import type { Attachment, ExistingPod } from '../attach/index.ts';
import { CLUSTER_DOMAIN, type Endpoint } from '../deploy/index.ts';
import { endName } from '../model/index.ts';
import { type Observation, probeMatrix, type RepeatInPodOptions, repeatInPod } from '../probe/index.ts';
import { familyOf, type Probe, probeKey } from '../scenario/index.ts';
import { type Facts, isKnown, type Known, type Observed } from './facts.ts';

export interface ObserveOptions {
  readonly timeoutMs: number;
  readonly retries: number;
  readonly signal: AbortSignal;
  /** The pods that could not be asked whether their server listens, with the reason. */
  readonly unasked: ReadonlyMap<string, string>;
}

export type Seen = Pick<Observed, 'path' | 'own' | 'direct' | 'lookup'>;

/** A server that a connection may reach. */
export interface Server {
  readonly pod: ExistingPod;
  readonly port: number;
}

const SERVERS_AT_MOST = 3;

/** The pods that the connection may reach: behind a Service a few of those that are ready. */
export const serversOf = ({ target, pods, asked }: Facts): readonly Server[] => {
  const podOf = (endpoint: string) => pods.find((pod) => pod.endpoint === endpoint);
  if (target.kind === 'host') return [];
  const backends =
    target.kind === 'pod'
      ? [{ endpoint: target.endpoint, port: asked.port, ready: true }]
      : isKnown(target.backends)
        ? target.backends.value.filter(({ ready }) => ready)
        : [];
  return backends
    .flatMap(({ endpoint, port }) => {
      const pod = podOf(endpoint);
      return pod ? [{ pod, port }] : [];
    })
    .slice(0, SERVERS_AT_MOST);
};

export const observe = async (
  attachment: Attachment,
  facts: Facts,
  { unasked, ...options }: ObserveOptions,
): Promise<Seen> => {
  const plan = planOf(attachment, facts, unasked);
  const own = ownProblem(attachment, facts);
  if (own !== null)
    return { path: { missing: own }, own: new Map(), direct: new Map(), lookup: lookupMissing(facts, own) };
  const targets = { endpoints: plan.endpoints, source: attachment.source, lost: attachment.lost };
  const probes = [...new Map(plan.probes.map((probe) => [probeKey(probe), probe])).values()];
  const seen = probes.length === 0 ? [] : await probeMatrix(targets, probes, options);
  const byKey = new Map(seen.map((observation) => [probeKey(observation), observation]));
  const of = (probe: Probe | null): Known<Observation> => {
    const found = probe && byKey.get(probeKey(probe));
    return found ? { value: withoutProxy(found, facts) } : { missing: plan.problem };
  };
  return {
    path: of(plan.path),
    own: new Map([
      ...plan.own.map((probe) => [probe.to, of(probe)] as const),
      ...[...unasked].map(([endpoint, missing]) => [endpoint, { missing }] as const),
    ]),
    direct: new Map(
      plan.direct.flatMap((probe) => {
        const found = byKey.get(probeKey(probe));
        return found ? [[probe.to, withoutProxy(found, facts)] as const] : [];
      }),
    ),
    lookup: plan.lookup === null ? lookupMissing(facts, NO_LOOKUP) : of(plan.lookup),
  };
};

const NO_LOOKUP = 'looking a name up needs an ephemeral container';

const lookupMissing = ({ target }: Facts, missing: string): Observed['lookup'] =>
  target.kind === 'service' && target.way === 'dns' ? { missing } : null;

/** Why no connection can start from the source; null if one can. */
const ownProblem = ({ mute, ownTools }: Attachment, { source, asked }: Facts): string | null => {
  const why = mute.get(source.endpoint);
  if (why !== undefined) return `no probe can start from ${source.endpoint}: ${why}`;
  if (asked.protocol !== 'TCP' && ownTools.has(source.endpoint))
    return `${asked.protocol} needs an ephemeral container`;
  return null;
};

interface Plan {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly probes: readonly Probe[];
  /** What was asked; null if there is nothing to connect to. */
  readonly path: Probe | null;
  /** Why there is nothing. */
  readonly problem: string;
  readonly own: readonly Probe[];
  readonly direct: readonly Probe[];
  readonly lookup: Probe | null;
}

const planOf = (
  { endpoints, mute, ownTools }: Attachment,
  facts: Facts,
  unasked: ReadonlyMap<string, string>,
): Plan => {
  const { source, target, asked, family } = facts;
  const servers = serversOf(facts);
  const own = servers
    .filter(({ pod: { endpoint } }) => !unasked.has(endpoint) && !mute.has(endpoint))
    .filter(({ pod: { endpoint } }) => asked.protocol === 'TCP' || !ownTools.has(endpoint))
    .map(({ pod: { endpoint }, port }): Probe => ({ ...asked, from: endpoint, to: endpoint, port, family }));
  const direct = servers.map(({ pod, port }): Probe => ({ ...asked, to: pod.endpoint, port, family }));
  const place = placeOf(facts);
  const name =
    target.kind === 'service' && target.way === 'dns' && !ownTools.has(source.endpoint) ? nameOf(facts) : null;
  const known = new Map<string, Endpoint>([
    ...endpoints,
    ...servers.map(({ pod }) => [pod.endpoint, pod] as const),
    ...[place, name].flatMap((one) => (one ? [[one.endpoint, one] as const] : [])),
  ]);
  const path = place ? { ...asked, to: place.endpoint, family } : (direct[0] ?? null);
  const lookup = name && { ...asked, to: name.endpoint, family };
  return {
    endpoints: known,
    probes: [...(path ? [path] : []), ...own, ...direct, ...(lookup ? [lookup] : [])],
    path,
    problem: target.kind === 'pod' ? `${target.endpoint} is not running` : 'there is no pod to connect to',
    own,
    direct: target.kind === 'service' ? direct : [],
    lookup,
  };
};

/** The address of a Service or a host, as a server that nobody knows; null for a pod, and for a Service without address or port. */
const placeOf = ({ target, asked, family, source }: Facts): ExistingPod | null => {
  const place = (endpoint: string, addresses: readonly string[]): ExistingPod | null =>
    addresses.length === 0
      ? null
      : { ...source, endpoint, addresses, ports: [{ number: asked.port, protocol: asked.protocol }] };
  if (target.kind === 'host') return place(target.endpoint, [target.address]);
  if (target.kind === 'pod' || !target.port) return null;
  const { namespace, name, addresses } = target.service;
  const end = endName({ kind: 'service', way: 'svc', namespace, name });
  return place(
    end,
    addresses.filter((address) => familyOf(address) === family),
  );
};

/** The command that repeats the probe; null if there is nothing to connect to. */
export const repeatLine = (facts: Facts, options: RepeatInPodOptions): string | null => {
  const [server] = serversOf(facts);
  const to = placeOf(facts) ?? server?.pod;
  const port = placeOf(facts) ? facts.asked.port : (server?.port ?? facts.asked.port);
  return to ? repeatInPod({ ...facts.asked, port, family: facts.family }, facts.source, to, options) : null;
};

/** The name of the Service, to be looked up. */
const nameOf = ({ target }: Facts): Endpoint | null => {
  if (target.kind !== 'service') return null;
  const { namespace, name } = target.service;
  return {
    ...{ kind: 'service', way: 'dns', addresses: [], ports: [], translations: new Map() },
    endpoint: endName({ kind: 'service', way: 'dns', namespace, name }),
    dnsName: `${name}.${namespace}.svc.${CLUSTER_DOMAIN}.`,
  };
};

/** A service mesh's proxy in the source accepts every TCP connection first, whether or not the server can be reached. */
const withoutProxy = (observation: Observation, { source: { endpoint, proxy } }: Facts): Observation => {
  const { from, to, protocol, verdict } = observation;
  if (proxy === null || from !== endpoint || from === to || protocol !== 'TCP' || verdict !== 'allowed')
    return observation;
  const detail = `the service mesh's ${proxy} in ${from} accepts each connection itself; ${observation.detail}`;
  return { ...observation, verdict: 'error', detail };
};
