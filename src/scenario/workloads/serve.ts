import { hasLabels } from '../../model/index.ts';
import type { Note, Pod, Port, Service, ServicePort } from '../scenario.ts';
import type { GivenService } from './given-service.ts';

/** Why a Service, or a port of it, has no part in the matrix, or another one than in the cluster. */
export type Untested = Extract<Note, { kind: 'not-tested' }>['reason'];

export interface Served {
  /** null if it leads to no pod. */
  readonly service: Service | null;
  /** What backends have to serve in addition to what they declare, by endpoint. */
  readonly added: ReadonlyMap<string, readonly Port[]>;
  readonly untested: readonly { readonly reason: Untested; readonly port?: ServicePort }[];
}

/** An unprivileged server in its node's network can't use a port below. */
const PRIVILEGED = 1024;
export const canServe = ({ hostNetwork }: Pick<Pod, 'hostNetwork'>, { number }: Pick<Port, 'number'>): boolean =>
  hostNetwork !== true || number >= PRIVILEGED;

const targetOf = ({ ports }: Pick<Pod, 'ports'>, { target, protocol }: ServicePort): number | undefined =>
  typeof target === 'number' ? target : ports.find((own) => own.name === target && own.protocol === protocol)?.number;

/** A headless Service translates nothing: its name leads to the pods themselves, so clients use the pods' own port. */
const untranslated = (port: ServicePort, backends: readonly Pod[]): ServicePort | null => {
  const [number, ...others] = new Set(backends.flatMap((pod) => targetOf(pod, port) ?? []));
  return number === undefined || others.length > 0 ? null : { ...port, number, target: number };
};

/** The pods of its namespace that a Service leads to; none if it selects none by itself. */
export const backendsOf = ({ selector }: Pick<GivenService, 'selector'>, pods: readonly Pod[]): readonly Pod[] =>
  Object.keys(selector).length === 0 ? [] : pods.filter(({ labels }) => hasLabels(labels, selector));

/** What a Service of the manifests is in a topology where it has these backends. */
export const serve = (given: GivenService, backends: readonly Pod[]): Served => {
  const { namespace, name, selector, type, headless, nodePort } = given;
  const nothing = (reason: Untested): Served => ({ service: null, added: new Map(), untested: [{ reason }] });
  if (type === 'ExternalName') return nothing('external-name');
  if (Object.keys(selector).length === 0) return nothing('no-selector');
  if (backends.length === 0) return nothing('no-pod');
  if (given.ports.length === 0) return nothing('no-port');

  const untested: Served['untested'][number][] = [
    ...(type === 'LoadBalancer' ? [{ reason: 'load-balancer' as const }] : []),
    ...(given.staysOnNode ? [{ reason: 'stays-on-node' as const }] : []),
  ];
  const added = new Map<string, Port[]>();
  const ports = new Map<string, ServicePort>();
  for (const written of given.ports) {
    const port = headless ? untranslated(written, backends) : written;
    if (port === null) {
      untested.push({ reason: 'no-such-target', port: written });
      continue;
    }
    const { protocol, target } = port;
    const own = backends.flatMap((pod) => {
      const number = targetOf(pod, port);
      return number === undefined ? [] : [{ pod, served: { number, protocol } }];
    });
    const isServed = own.length > 0 && own.every(({ pod, served }) => canServe(pod, served));
    if (!isServed) untested.push({ reason: own.length === 0 ? 'no-such-target' : 'privileged', port: written });
    if (!isServed || ports.has(`${port.number}/${protocol}`)) continue;
    if (port.number !== written.number) untested.push({ reason: 'headless', port: written });
    const unnamed = given.ports.length > 1 && port.name === undefined;
    if (unnamed) untested.push({ reason: 'unnamed-port', port });
    const name = port.name ?? (unnamed ? `${port.number}-${protocol.toLowerCase()}` : undefined);
    ports.set(`${port.number}/${protocol}`, { ...port, ...(name !== undefined && { name }) });
    if (typeof target === 'number')
      for (const { pod, served } of own)
        if (!has(pod, served)) added.set(pod.endpoint, [...(added.get(pod.endpoint) ?? []), served]);
  }
  const service: Service = {
    ...{ namespace, name, selector, ports: [...ports.values()], headless, nodePort, byName: headless },
  };
  return { service: ports.size === 0 ? null : service, added, untested };
};

const has = ({ ports }: Pick<Pod, 'ports'>, { number, protocol }: Port): boolean =>
  ports.some((own) => own.number === number && own.protocol === protocol);
