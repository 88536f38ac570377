import { isExisting } from '../attach/index.ts';
import { type Endpoint, isHost, isService } from '../deploy/index.ts';
import { type Probe, type Protocol, portText } from '../scenario/index.ts';
import type { Tool } from './script.ts';

const TCP: readonly Tool[] = ['nc', 'wget'];
const TCP_OUTSIDE: readonly Tool[] = [...TCP, 'seen'];
const TOOLS: Readonly<Record<Protocol, readonly Tool[]>> = { TCP, UDP: ['udp', 'udp'], SCTP: ['sctp'] };
/** For existing servers: one connection or one datagram, because repeating it makes silence no clearer. */
const EXISTING_TOOLS: Readonly<Record<Protocol, readonly Tool[]>> = {
  TCP: ['connect'],
  UDP: ['knock'],
  SCTP: ['sctp'],
};

/** Asked twice, because nothing resends a lost datagram. */
const LOOKUPS: readonly Tool[] = ['name', 'name'];

/** Connections to a Service with several backends. */
interface Connections {
  readonly perBackend: number;
  readonly atMost: number;
}

/** Each backend is likely to be reached: one of two is missed once in 32 times. */
const LIKELY: Connections = { perBackend: 3, atMost: 24 };
/** Each backend is as good as certain to be reached: one of two is missed once in eight million times. */
const SURE: Connections = { perBackend: 12, atMost: 96 };

/** Whether the connections of a probe may reach different backends. */
export const isSpread = (probe: Pick<Probe, 'port' | 'protocol'>, to: Endpoint | undefined): boolean =>
  backendsOf(probe, to) > 1;

const backendsOf = ({ port, protocol }: Pick<Probe, 'port' | 'protocol'>, to: Endpoint | undefined): number =>
  to && isService(to) ? (to.translations.get(portText({ number: port, protocol }))?.backends.length ?? 0) : 0;

/**
 * The tools that try a probe at the same time. UDP is tried twice, because nothing resends a lost datagram. A server
 * outside the cluster is also asked which address it sees, a name also gets a lookup of its own, and a Service with
 * several backends is tried several times: more often if each of them has to be reached (`surely`).
 */
export const toolsOf = (
  probe: Pick<Probe, 'port' | 'protocol'>,
  to?: Endpoint,
  { surely = false }: { readonly surely?: boolean } = {},
): readonly Tool[] => {
  if (to && isExisting(to)) return EXISTING_TOOLS[probe.protocol];
  const tools = probe.protocol === 'TCP' && to && isHost(to) ? TCP_OUTSIDE : TOOLS[probe.protocol];
  const last = tools.at(-1);
  if (!last || !to || !isService(to)) return tools;
  // Nothing is known of its ports, so only its name can be tried.
  if (to.dnsName !== undefined && to.translations.size === 0) return LOOKUPS;
  const { perBackend, atMost } = surely ? SURE : LIKELY;
  const connections = Math.min(atMost, perBackend * backendsOf(probe, to));
  const more = isSpread(probe, to) ? Array.from({ length: connections - tools.length }, () => last) : [];
  return [...(to.dnsName === undefined ? [] : LOOKUPS), ...tools, ...more];
};
