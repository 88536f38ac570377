import { PodreachError } from '../errors.ts';
import { endName, parseAddress } from '../model/index.ts';
import { type Port, parsePort } from '../scenario/index.ts';
import { quoted } from '../text.ts';

interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** Where the connection goes: to a pod, to a Service by its address or its name, or to an address outside. */
export type Destination =
  | ({ readonly kind: 'pod' } & PodName)
  | ({ readonly kind: 'service'; readonly way: 'svc' | 'dns' } & PodName)
  | { readonly kind: 'host'; readonly address: string };

/** What a user asks: why does this connection not behave as it should? */
export interface Question {
  readonly from: PodName;
  readonly to: Destination;
  /** A name is that of a port of the destination. */
  readonly port: Pick<Port, 'number' | 'protocol'> | { readonly name: string };
  /** What the user wants of the connection. */
  readonly want: 'allow' | 'deny';
}

interface Written {
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

/** Reads what the user wrote. Throws a PodreachError that says what is allowed. */
export const readQuestion = ({ from: source, to: target, port }: Written, want: Question['want']): Question => {
  const from = podIn(source);
  if (!from) {
    throw new PodreachError(`${quoted(source)} is not a pod to start from`, { hint: 'write it as namespace/name' });
  }
  const to = destinationIn(target);
  if (!to) {
    throw new PodreachError(`${quoted(target)} is not a destination`, {
      hint: 'write namespace/name for a pod, svc:namespace/name or dns:namespace/name for a Service, or an IP address',
    });
  }
  return { from, to, port: portIn(port), want };
};

export const destinationName = (to: Destination): string =>
  endName(to.kind === 'host' ? { kind: 'host', name: to.address } : to);

const WAYS = ['svc', 'dns'] as const;

const destinationIn = (text: string): Destination | null => {
  if (parseAddress(text)) return { kind: 'host', address: text };
  const colon = text.indexOf(':');
  const [word, rest] = [text.slice(0, Math.max(0, colon)), text.slice(colon + 1)];
  const pod = podIn(rest);
  if (colon < 0) return pod && { kind: 'pod', ...pod };
  if (word === 'host' && parseAddress(rest)) return { kind: 'host', address: rest };
  const way = WAYS.find((one) => one === word);
  return way && pod ? { kind: 'service', way, ...pod } : null;
};

/** Names as Kubernetes allows them, so that they fit into a path of the API. */
const podIn = (text: string): PodName | null => {
  const [, namespace, name] = /^([a-z0-9][a-z0-9\-]{0,62})\/([a-z0-9][a-z0-9.\-]{0,252})$/v.exec(text) ?? [];
  return namespace !== undefined && name !== undefined ? { namespace, name } : null;
};

const portIn = (text: string): Question['port'] => {
  const port = parsePort(text.toUpperCase());
  if (port && port.number <= 65_535) return port;
  if (/^[a-z0-9\-]{1,63}$/v.test(text) && /[a-z]/v.test(text)) return { name: text };
  throw new PodreachError(`${quoted(text)} is not a port`, {
    hint: "write 80, 53/UDP or the name of one of the destination's ports",
  });
};
