import { endsOf, type Port, type Probe } from '../scenario/index.ts';
import type { Backends } from './backends.ts';
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
export const flowsOf = ({ topology, cells }: Wanted, backends: Backends): readonly Flow[] => {
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

export const portOf = ({ port: number, protocol }: Probe): Port => ({ number, protocol });
