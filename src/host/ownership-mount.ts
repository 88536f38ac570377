/**
 * kind has no option for Docker labels, but it does pass mounts on to Docker. So each node gets /dev/null mounted at a
 * path that contains the ownership: `docker inspect` shows it, it works with any node image and with a remote Docker
 * Engine, and it goes when the node goes.
 */
import { isMap, isSeq, parseDocument, type YAMLMap } from 'yaml';
import { ownerText, parseOwner } from '../owner.ts';
import type { Ownership } from './ownership.ts';

const ROOT = '/kind/podreach';

/** Percent-encoded, except for characters that are safe in every mount notation. */
const escaped = (text: string): string => text.replace(/[^A-Za-z0-9._/-]/gu, bytesOf);

const bytesOf = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('');

/** `/kind/podreach/<home>/<user>/<owner>/cache/<the folder's path>`. */
export const ownershipPath = ({ home, user, owner, cache }: Ownership): string =>
  `${ROOT}/${home}/${user}/${escaped(ownerText(owner)).replaceAll('/', '%2F')}/cache/${escaped(cache).replace(/^\/+/, '')}`;

const FORM = /^\/dev\/null:\/kind\/podreach\/([0-9a-f]+)\/(-?\d+)\/([^/]+)\/cache\/([^:]+)(?::.*)?$/;

/** Reads the ownership from a container's mounts, each `source:target:options`; undefined if there is none. */
export const parseBinds = (binds: readonly string[]): Ownership | undefined => {
  for (const bind of binds) {
    const [, home = '', user, owner, cache] = FORM.exec(bind) ?? [];
    const known = parseOwner(decoded(owner));
    if (known) return { home, user: Number(user), cache: `/${decoded(cache)}`, owner: known };
  }
  return undefined;
};

const decoded = (text = ''): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
};

/**
 * The text of kind's configuration with the ownership on every node. Returns text that is not such a configuration
 * unchanged: kind reports what is wrong.
 */
export const withOwnership = (config: string, ownership: Ownership): string => {
  const document = parseDocument(config);
  if (document.errors.length > 0 || !isMap(document.contents)) return config;
  const mount = { hostPath: '/dev/null', containerPath: ownershipPath(ownership), readOnly: true };
  // Without a list of nodes kind creates one control plane.
  if (document.get('nodes') == null) document.set('nodes', document.createNode([{ role: 'control-plane' }]));
  const nodes = document.get('nodes');
  if (!isSeq(nodes) || !nodes.items.every(isMap)) return config;
  for (const node of nodes.items as YAMLMap[]) {
    const mounts = node.get('extraMounts');
    if (isSeq(mounts)) mounts.add(document.createNode(mount));
    else node.set('extraMounts', document.createNode([mount]));
  }
  return document.toString({ lineWidth: 0 });
};
