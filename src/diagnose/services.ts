/** Services and what is behind them, as the API server lists them. */
import type { KubeObject } from '../kube/index.ts';
import type { Labels } from '../model/index.ts';
import type { Protocol, ServicePort } from '../scenario/index.ts';
import type { BackendFact, ServiceFact } from './facts.ts';

interface ServiceSpec {
  readonly type?: string;
  readonly selector?: Labels;
  readonly clusterIP?: string;
  readonly clusterIPs?: readonly string[];
  readonly ports?: readonly {
    readonly name?: string;
    readonly port: number;
    readonly protocol?: Protocol;
    readonly targetPort?: number | string;
  }[];
}

/** Null for a Service without a selector: it is not known which pods are meant. */
export const serviceFact = ({ metadata, spec }: KubeObject): ServiceFact | null => {
  const { selector, clusterIP, clusterIPs, ports = [], type } = (spec ?? {}) as ServiceSpec;
  if (!selector || Object.keys(selector).length === 0 || type === 'ExternalName') return null;
  const addresses = clusterIPs ?? (clusterIP === undefined ? [] : [clusterIP]);
  return {
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    selector,
    addresses: addresses.filter((address) => address !== 'None' && address !== ''),
    ports: ports.map(({ name, port, protocol = 'TCP', targetPort }) => ({
      ...{ number: port, protocol, target: targetPort ?? port },
      ...(name !== undefined && { name }),
    })),
  };
};

interface Slice extends KubeObject {
  readonly ports?: readonly {
    readonly name?: string | null;
    readonly port?: number | null;
    readonly protocol?: string | null;
  }[];
  readonly endpoints?: readonly {
    readonly addresses?: readonly string[];
    readonly conditions?: { readonly ready?: boolean | null };
    readonly targetRef?: { readonly kind?: string; readonly namespace?: string; readonly name?: string };
  }[];
}

/**
 * The addresses behind one port of a Service. A slice names its ports as the Service does; absent readiness means ready
 * (kubernetes.io/docs/concepts/services-networking/endpoint-slices).
 */
export const backendsIn = (slices: readonly KubeObject[], port: ServicePort): readonly BackendFact[] => {
  const found = (slices as readonly Slice[]).flatMap(({ ports = [], endpoints = [] }) =>
    ports
      .filter(({ name, protocol }) => (name ?? '') === (port.name ?? '') && (protocol ?? 'TCP') === port.protocol)
      .flatMap(({ port: number }) =>
        endpoints.map(({ targetRef, addresses = [], conditions }) => ({
          endpoint: targetRef?.kind === 'Pod' ? `${targetRef.namespace}/${targetRef.name}` : (addresses[0] ?? ''),
          port: number ?? port.number,
          ready: conditions?.ready ?? true,
        })),
      ),
  );
  return [...new Map(found.map((one) => [`${one.endpoint} ${one.port}`, one])).values()];
};
