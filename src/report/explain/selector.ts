/** Selectors, peers and ports in words. Names and labels are the user's own, so the text is not printable yet. */
import type { Direction, NetworkPolicy, Path, Peer, PolicyPort, Requirement, Selector } from '../../model/index.ts';
import { listed } from '../../text.ts';

/** As kubectl's -l takes it: `app=web`, `app in (web, api)`, `app!=web`, `app`, `!app`. */
export const requirementText = ({ key, operator, values }: Requirement): string => {
  const [first, ...others] = values;
  switch (operator) {
    case 'In':
      return others.length === 0 ? `${key}=${first}` : `${key} in (${listed(values)})`;
    case 'NotIn':
      return others.length === 0 ? `${key}!=${first}` : `${key} notin (${listed(values)})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
  }
};

export const selectorText = ({ requirements }: Selector): string => listed(requirements.map(requirementText));

/** `pods app=web in namespaces team=shop`, of a policy in the namespace. */
export const peerText = (peer: Peer, namespace: string): string => {
  if (peer.kind === 'block') {
    const except = listed(peer.except.map(({ text }) => text));
    return peer.cidr.text + (except === '' ? '' : ` except ${except}`);
  }
  const pods = peer.pods.requirements.length > 0 ? `pods ${selectorText(peer.pods)}` : null;
  if (!peer.namespaces) return `${pods ?? 'every pod'} in ${namespace}`;
  const namespaces =
    peer.namespaces.requirements.length > 0 ? `namespaces ${selectorText(peer.namespaces)}` : 'every namespace';
  return pods ? `${pods} in ${namespaces}` : namespaces;
};

/** `80/TCP`, `8000-8010/TCP`, `http/TCP`, `every TCP port` */
export const policyPortText = (port: PolicyPort): string => {
  const { protocol } = port;
  if ('name' in port) return `${port.name}/${protocol}`;
  if (port.first === 1 && port.last === 65535) return `every ${protocol} port`;
  return `${port.first === port.last ? port.first : `${port.first}-${port.last}`}/${protocol}`;
};

export const preposition = (direction: Direction): string => (direction === 'ingress' ? 'from' : 'to');

export const policyName = ({ namespace, name }: NetworkPolicy): string => `${namespace}/${name}`;

/** The text with its place in front, if known: `policies/db.yaml:9 rule 1`. */
export const located = (policy: NetworkPolicy, path: Path, text: string): string => {
  const place = placeText(policy, path);
  return place ? `${place} ${text}` : text;
};

/** `:9 rule 1`, below a line that names the file. */
export const lineMarked = ({ placeOf }: NetworkPolicy, path: Path, text: string): string => {
  const place = placeOf?.(path);
  return place ? `:${place.line} ${text}` : text;
};

/** `policies/db.yaml:9`, or null if not known. */
export const placeText = ({ placeOf }: NetworkPolicy, path: Path): string | null => {
  const place = placeOf?.(path);
  return place ? `${place.file}:${place.line}` : null;
};
