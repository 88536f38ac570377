import { DNS_LABELS, DNS_NAMESPACE, hasLabels } from '../model/index.ts';
import { endsOf, type Pod, podsOf, type Topology } from '../scenario/index.ts';
import type { Backends } from './backends.ts';
import type { Flow } from './flows.ts';
import type { Parties } from './parties.ts';
import type { App } from './party.ts';
import { entryKey, isOpen } from './table.ts';
import type { Wanted, WantedCell } from './wanted.ts';

/**
 * Whether an application may look up names. `required`: a cell to a name is to be allowed. `chosen`: it may connect to
 * something, which it finds by name. `none`: it connects to nothing, or it shall not look up names, or the matrix has the
 * servers, whose cells then decide.
 */
export type Lookups = 'required' | 'chosen' | 'none';

/** The scenario's own DNS servers, which answer instead of the cluster's. */
const ownServers = (topology: Topology): readonly Pod[] =>
  podsOf(topology).filter(({ namespace, labels }) => namespace === DNS_NAMESPACE && hasLabels(labels, DNS_LABELS));

const DNS_PORT = 53;

/** Connections to the scenario's own servers, which cells to names need. */
export const lookupFlows = ({ topology, cells }: Wanted): readonly Flow[] => {
  const servers = ownServers(topology);
  const isName = namesIn(topology);
  return cells
    .filter(({ to, expectation }) => expectation === 'allow' && isName(to))
    .flatMap((cell) => {
      const { expectation: _, doubt: __, ...probe } = cell;
      return servers.map(({ endpoint }): Flow => {
        return { ...probe, to: endpoint, port: DNS_PORT, protocol: 'UDP', cell, want: 'allow' };
      });
    });
};

const namesIn = (topology: Topology) => {
  const ends = new Map(endsOf(topology).map((end) => [end.endpoint, end]));
  return (name: string): boolean => {
    const end = ends.get(name);
    return end?.kind === 'service' && end.way === 'dns';
  };
};

/** What each application needs, if it connects to something. A lookup is blocked where a name is, although all of its backends are open. */
export const lookupsOf = (
  { topology, cells }: Wanted,
  { apps, partyOf, table }: Parties,
  backends: Backends,
): ((app: App) => Lookups) => {
  const isName = namesIn(topology);
  const services = new Map(endsOf(topology).flatMap((end) => (end.kind === 'service' ? [[end.endpoint, end]] : [])));
  const areBackendsOpen = (cell: WantedCell): boolean => {
    const to = services.get(cell.to);
    const from = partyOf(cell.from);
    return (
      to?.kind === 'service' &&
      backends(to.service, cell).every(({ name, port: number }) => {
        const entry = table.get(entryKey(from, partyOf(name), { number, protocol: cell.protocol }));
        return entry !== undefined && isOpen(entry);
      })
    );
  };
  const byApp = Map.groupBy(
    cells.filter(({ to, expectation }) => expectation !== null && isName(to)),
    ({ from }) => apps[partyOf(from)],
  );
  const isOwn = ownServers(topology).length > 0;
  return (app) => {
    if (isOwn) return 'none';
    const own = byApp.get(app) ?? [];
    if (own.some(({ expectation }) => expectation === 'allow')) return 'required';
    if (own.some(areBackendsOpen)) return 'none';
    return 'chosen';
  };
};
