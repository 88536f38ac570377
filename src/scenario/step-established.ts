import { parsePort } from '../port.ts';
import { createNearest, quoted } from '../text.ts';
import type { SourceDocument } from './document.ts';
import { millisecondsOf } from './duration.ts';
import type { WrittenConnection } from './established-schema.ts';
import type { Problem } from './problem.ts';
import type { Established, Port, Topology } from './scenario.ts';
import { type End, endsOf, isProbed, portText, probeKey } from './topology.ts';

const FOLLOWED_MS = 2_000;

/** The connections that a step follows, for the topology before it; what can't be one goes to `problems`. */
export const expandEstablished = (
  document: SourceDocument,
  written: readonly WrittenConnection[],
  topology: Topology,
  problems: Problem[],
): readonly Established[] => {
  const ends = new Map(endsOf(topology).map((end) => [end.endpoint, end]));
  const nearest = createNearest();
  const seen = new Set<string>();
  return written.flatMap((connection, at): readonly Established[] => {
    const tell = (key: string, message: string): readonly [] => {
      problems.push(document.problemAt(['established', at, key], message));
      return [];
    };
    const endOf = (key: 'from' | 'to', isFit: (end: End) => boolean): End | null => {
      const name = connection[key];
      const end = ends.get(name);
      if (end && isFit(end)) return end;
      const fit = [...ends.values()].filter(isFit).map(({ endpoint }) => endpoint);
      tell(
        key,
        `${end ? WHY[key](quoted(name)) : `${quoted(name)} is not an endpoint`}${nearest('endpoint', name, fit)}`,
      );
      return null;
    };
    const from = endOf('from', canBegin);
    const to = endOf('to', canBeReached);
    if (!from || !to) return [];
    const port = portOf(connection.port, to);
    if (!port) {
      const names = to.ports.flatMap((one) => [portText(one), ...(one.name === undefined ? [] : [one.name])]);
      return tell(
        'port',
        `${to.endpoint} has no port ${quoted(connection.port)}${nearest('port', `${connection.port}`, names)}`,
      );
    }
    if (port.protocol === 'SCTP') return tell('port', 'only TCP and UDP can be followed');
    if (from.endpoint === to.endpoint) return tell('to', 'no policy concerns a connection of a pod to itself');
    if (!isProbed(from, to, port)) return tell('to', `nothing is probed from ${from.endpoint} to ${to.endpoint}`);
    const probe = { from: from.endpoint, to: to.endpoint, port: port.number, protocol: port.protocol };
    if (seen.has(probeKey(probe))) return tell('port', `duplicate connection ${probeKey(probe)}`);
    seen.add(probeKey(probe));
    const { within } = connection;
    return [
      {
        ...probe,
        expected: connection.expect ?? null,
        ...(within !== undefined && { withinMs: millisecondsOf(within) }),
        forMs: connection.for === undefined ? FOLLOWED_MS : millisecondsOf(connection.for),
      },
    ];
  });
};

const canBegin = ({ kind }: End): boolean => kind === 'pod' || kind === 'node' || kind === 'host';

/** A name is looked up anew for each connection. */
const canBeReached = (end: End): boolean => canBegin(end) || (end.kind === 'service' && end.way !== 'dns');

const WHY = {
  from: (name: string) => `no connection starts from ${name}`,
  to: (name: string) => `a connection to ${name} can't be followed: a name is looked up anew each time`,
};

const portOf = (written: number | string, { ports }: End): Port | undefined => {
  const wanted = parsePort(written);
  return ports.find((port) =>
    wanted ? port.number === wanted.number && port.protocol === wanted.protocol : port.name === written,
  );
};
