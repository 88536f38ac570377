import type { Direction } from '../model/index.ts';
import { type Closed, isClosed } from './closed.ts';
import type { Lookups } from './dns.ts';
import type { Parties } from './parties.ts';
import type { App } from './party.ts';
import { type AdvisedRule, type Grant, type PortSpan, portKey, rulesFor } from './rules.ts';
import { type Entry, isOpen } from './table.ts';

/** A port that is open to everyone, because nothing narrower does what is wanted. */
export interface Widening {
  readonly app: App;
  readonly direction: Direction;
  readonly port: PortSpan;
}

/** What an application may do. */
export interface AppRules {
  readonly app: App;
  readonly ingress: readonly AdvisedRule[];
  readonly egress: readonly AdvisedRule[];
  /** Why a rule lets it look up names; `none` if none does. */
  readonly lookups: Lookups;
}

/** Everything that policies shall say. */
export interface Plan {
  readonly closed: Closed;
  readonly apps: readonly AppRules[];
}

export const planOf = (
  { parties, apps, table }: Parties,
  closed: Closed,
  lookupsOf: (app: App) => Lookups,
  widenings: readonly Widening[],
): Plan => {
  const open = [...table.values()].filter(isOpen);
  const rulesOf = (app: App, at: number, direction: Direction): readonly AdvisedRule[] => {
    if (!isClosed(closed, app.namespace, direction)) return [];
    const [own, other] = direction === 'ingress' ? (['to', 'from'] as const) : (['from', 'to'] as const);
    const wide = widenings.filter((one) => one.app === app && one.direction === direction).map(({ port }) => port);
    const grants = open
      .filter((entry) => entry[own] === at)
      .map((entry): Grant => ({ peer: parties[entry[other]] as Grant['peer'], port: spanOf(entry) }))
      .filter(({ port }) => !wide.some((one) => covers(one, port)));
    const ports = [...new Map(wide.map((port) => [portKey(port), port])).values()];
    return [
      ...rulesFor(grants, peersOf(apps, app, direction)),
      ...(ports.length > 0 ? [{ peers: 'everyone', ports } as const] : []),
    ];
  };
  return {
    closed,
    apps: apps.map((app, at): AppRules => {
      const egress = rulesOf(app, at, 'egress');
      const wanted = isClosed(closed, app.namespace, 'egress') ? lookupsOf(app) : 'none';
      const lookups = wanted === 'chosen' && egress.length === 0 ? 'none' : wanted;
      const dns: readonly AdvisedRule[] = lookups === 'none' ? [] : [{ peers: 'dns', ports: DNS_PORTS }];
      return { app, lookups, ingress: rulesOf(app, at, 'ingress'), egress: [...egress, ...dns] };
    }),
  };
};

const DNS_PORTS: readonly PortSpan[] = (['UDP', 'TCP'] as const).map((protocol) => ({ protocol, first: 53, last: 53 }));

const spanOf = ({ port: { number, protocol } }: Entry): PortSpan => ({ protocol, first: number, last: number });

const covers = (wide: PortSpan, { protocol, first, last }: PortSpan): boolean =>
  wide.protocol === protocol && wide.first <= first && last <= wide.last;

/** The applications of each namespace that may be peers: a single pod is none of its own, and one without ports is no target. */
const peersOf = (apps: readonly App[], own: App, direction: Direction): ReadonlyMap<string, readonly App[]> =>
  Map.groupBy(
    apps.filter(
      (app) =>
        (app !== own || app.pods.length > 1) &&
        (direction === 'ingress' || app.pods.some(({ ports }) => ports.length > 0)),
    ),
    ({ namespace }) => namespace,
  );
