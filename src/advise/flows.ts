import { backendsOf, type Model, type ServicePort } from '../model/index.ts';
import { endsOf, type Port, type Probe, type Service } from '../scenario/index.ts';
import type { Wanted, WantedCell } from './wanted.ts';

/** A connection to a pod or a host, as policies see it, and what a cell wants of it. */
export interface Flow extends Probe {
  readonly cell: WantedCell;
  readonly want: 'allow' | 'deny' | 'doubt';
}

/**
 * What the cells want of connections between pods and hosts. A cell to a Service that is to be allowed needs each of its
 * backends. Nodes are neither: no policy selects them.
 */
export const flowsOf = ({ topology, cells }: Wanted, backends: ReturnType<typeof createBackends>): readonly Flow[] => {
  const ends = new Map(endsOf(topology).map((end) => [end.endpoint, end]));
  const isParty = (name: string): boolean => ['pod', 'host'].includes(ends.get(name)?.kind ?? '');
  return cells.flatMap((cell): readonly Flow[] => {
    const { expectation, doubt, ...probe } = cell;
    if (!isParty(cell.from) || (expectation === null && (doubt === undefined || doubt === 'undefined'))) return [];
    const want = expectation === null ? 'doubt' : expectation === 'allow' ? 'allow' : 'deny';
    if (isParty(cell.to)) return [{ ...probe, cell, want }];
    const to = ends.get(cell.to);
    if (to?.kind !== 'service' || want !== 'allow') return [];
    return backends(to.service, cell).map(({ name, port }) => ({ ...probe, to: name, port, cell, want }));
  });
};

/** One pod behind a Service, and the port that it serves there. */
export interface Backend {
  readonly name: string;
  readonly port: number;
}

/** The backends of a Service at the port of a cell. */
export const createBackends = (model: Model) => {
  const known = new Map<ServicePort, readonly Backend[]>();
  return (service: Service, { port: number, protocol }: Pick<Probe, 'port' | 'protocol'>): readonly Backend[] => {
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

export const portOf = ({ port: number, protocol }: Probe): Port => ({ number, protocol });
