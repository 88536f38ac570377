import { isBeforeRestart, isDead, isHere, type Leftover, type Owner, parseOwner } from '../host/index.ts';
import { type Client, type KubeObject, pathOf } from '../kube/index.ts';
import { aliveUntil, isExpired, isSilent } from './alive.ts';
import { OWNER_ANNOTATION, RUN_LABEL } from './cluster-name.ts';

/**
 * The namespaces of runs that are over: the process on this machine is gone; or it ran before this machine was
 * restarted and has not renewed its sign of life since; or the sign of life has expired, wherever the run was. A
 * namespace without an owner is not podreach's. One that ran elsewhere and gave no sign of life is left alone.
 */
export const namespaceLeftovers = async (client: Client, signal?: AbortSignal): Promise<readonly Leftover[]> => {
  const namespaces = await client.list(pathOf('Namespace'), { labelSelector: RUN_LABEL, signal });
  const runs = [...Map.groupBy(namespaces, ({ metadata }) => metadata.labels?.[RUN_LABEL] ?? metadata.name).values()];
  const found = await Promise.all(
    runs.map(async (members) => {
      const why = await whyOver(members);
      return why === undefined ? [] : members.map((namespace) => leftover(client, namespace, why));
    }),
  );
  return found.flat();
};

/** Why the run of some objects is known to be over; undefined if it may be alive. */
export const whyOver = async (members: readonly KubeObject[]): Promise<string | undefined> => {
  const owners = members.map(({ metadata }) => ownerOf(metadata));
  const [owner] = owners;
  // All objects of a run have the same process; if one differs, somebody changed them.
  if (!owner || owners.some((other) => other?.pid !== owner.pid || other.place !== owner.place)) return undefined;
  const signs = members.flatMap(({ metadata }) => aliveUntil(metadata.annotations) ?? []);
  const untilMs = signs.length === 0 ? undefined : Math.max(...signs);
  if (await isDead(owner)) return `its process ${owner.pid} is gone`;
  if (await isBeforeRestart(owner))
    return untilMs === undefined || isSilent(untilMs) ? 'its machine was restarted' : undefined;
  // If a process can be checked, that counts and not the time: it may have been suspended.
  if (untilMs === undefined || !isExpired(untilMs) || (await isHere(owner))) return undefined;
  return `its sign of life expired at ${new Date(untilMs).toISOString()}`;
};

/** The process that created an object, as the object says. */
export const ownerOf = ({ annotations }: KubeObject['metadata']): Owner | undefined =>
  parseOwner(annotations?.[OWNER_ANNOTATION]);

const leftover = (client: Client, { metadata }: KubeObject, why: string): Leftover => ({
  what: 'namespace',
  name: metadata.name,
  why,
  owner: ownerOf(metadata),
  since: metadata.creationTimestamp === undefined ? undefined : new Date(metadata.creationTimestamp),
  remove: () => client.delete(pathOf('Namespace', { name: metadata.name })),
});
