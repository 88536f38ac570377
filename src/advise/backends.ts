import { backendsOf, type Model, type ServicePort } from '../model/index.ts';
import type { Probe, Service } from '../scenario/index.ts';

/** One pod behind a Service, and the port that it serves there. */
export interface Backend {
  readonly name: string;
  readonly port: number;
}

/** The backends of a Service at the port of a cell. */
export type Backends = (service: Service, cell: Pick<Probe, 'port' | 'protocol'>) => readonly Backend[];

export const createBackends = (model: Model): Backends => {
  const known = new Map<ServicePort, readonly Backend[]>();
  return (service, { port: number, protocol }) => {
    const port = service.ports.find((own) => own.number === number && own.protocol === protocol);
    if (!port) return [];
    const { aliasOf, ...own } = service;
    const found =
      known.get(port) ??
      backendsOf(model, { ...own, ...(aliasOf && { podsIn: aliasOf.namespace }) }, port).map(([pod, at]) => ({
        name: pod.name,
        port: at,
      }));
    known.set(port, found);
    return found;
  };
};
