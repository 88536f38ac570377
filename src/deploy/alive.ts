/**
 * A run's sign of life. It is not possible to ask whether a process on another machine, or in a container that has
 * ended, is alive. So each run records on its namespaces until when it is certainly alive, and renews that every
 * minute.
 */
import { type Client, pathOf } from '../kube/index.ts';
import { RUN_LABEL } from './cluster-name.ts';

/** The time until which the run is certainly alive, as RFC 3339, by its machine's clock. */
export const ALIVE_ANNOTATION = 'podreach/alive-until';

const RENEWAL_MS = 60_000;
/** Far longer than a renewal takes, because clocks differ and a busy machine is late. */
export const LIFE_MS = 15 * 60_000;
/** The minimum time that the pods of `--keep` stay where nobody can see whether their run has ended. */
export const KEPT_MS = 12 * 3_600_000;
/** A run that did not renew for this long no longer does: three renewals are missing. */
const SILENCE_MS = 3 * RENEWAL_MS;

export const aliveText = (forMs = LIFE_MS): string => new Date(Date.now() + forMs).toISOString();

/** Until when a namespace says that its run is alive, in milliseconds since 1970; undefined if it does not say. */
export const aliveUntil = (annotations: Readonly<Record<string, string>> = {}): number | undefined => {
  const time = Date.parse(annotations[ALIVE_ANNOTATION] ?? '');
  return Number.isNaN(time) ? undefined : time;
};

/** Whether the run's time has passed. */
export const isExpired = (untilMs: number): boolean => untilMs < Date.now();

/** Whether a run has missed renewals, though its time has not passed yet. */
export const isSilent = (untilMs: number): boolean => untilMs < Date.now() + LIFE_MS - SILENCE_MS;

/** Marks namespaces as needed for some more time. */
export const stayAlive = (client: Client, namespaces: readonly string[], forMs = LIFE_MS): Promise<unknown> => {
  const body = { metadata: { annotations: { [ALIVE_ANNOTATION]: aliveText(forMs) } } };
  return Promise.all(namespaces.map((name) => client.patch(pathOf('Namespace', { name }), body)));
};

/**
 * Renews a run's sign of life until the returned function is called. Writes it to the first of its namespaces that is
 * not being deleted, because the latest sign among all of them counts.
 */
export const keepAlive = (client: Client, runId: string): (() => void) => {
  const renew = async (): Promise<void> => {
    const namespaces = await client.list(pathOf('Namespace'), { labelSelector: `${RUN_LABEL}=${runId}` });
    const first = namespaces.find(({ metadata }) => metadata.deletionTimestamp === undefined);
    if (first) await stayAlive(client, [first.metadata.name]);
  };
  // If the cluster does not answer, the run's other requests report it.
  const timer = setInterval(() => void renew().catch(() => {}), RENEWAL_MS).unref();
  return () => clearInterval(timer);
};
