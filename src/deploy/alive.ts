/**
 * A run's sign of life. A process on another machine, or in a container that has ended, can't be asked whether it lives; so
 * each run says on its namespaces until when it is certainly alive, and says so anew each minute.
 */
import { type Client, pathOf } from '../kube/index.ts';
import { RUN_LABEL } from './cluster-name.ts';

/** Until when the run lives for certain: a time as RFC 3339 writes it, by the clock of its machine. */
export const ALIVE_ANNOTATION = 'podreach/alive-until';

const RENEWAL_MS = 60_000;
/** Far more than a renewal takes, for clocks differ, and a busy machine is late. */
export const LIFE_MS = 15 * 60_000;
/** How long the pods of `--keep` stay at least where nobody can tell that their run has ended. */
export const KEPT_MS = 12 * 3_600_000;
/** A run that did not renew for as long has stopped to: three renewals were left out. */
const SILENCE_MS = 3 * RENEWAL_MS;

export const aliveText = (forMs = LIFE_MS): string => new Date(Date.now() + forMs).toISOString();

/** Until when a namespace says that its run lives, in milliseconds since 1970; undefined where it does not say. */
export const aliveUntil = (annotations: Readonly<Record<string, string>> = {}): number | undefined => {
  const time = Date.parse(annotations[ALIVE_ANNOTATION] ?? '');
  return Number.isNaN(time) ? undefined : time;
};

/** Whether the time that a run gave itself has passed. */
export const isExpired = (untilMs: number): boolean => untilMs < Date.now();

/** Whether a run has left out renewals, though its time has not passed yet. */
export const isSilent = (untilMs: number): boolean => untilMs < Date.now() + LIFE_MS - SILENCE_MS;

/** Lets namespaces say that they are wanted for some time more. */
export const stayAlive = (client: Client, namespaces: readonly string[], forMs = LIFE_MS): Promise<unknown> => {
  const body = { metadata: { annotations: { [ALIVE_ANNOTATION]: aliveText(forMs) } } };
  return Promise.all(namespaces.map((name) => client.patch(pathOf('Namespace', { name }), body)));
};

/**
 * Renews the sign of life of a run until what is returned is called: on the first of its namespaces that is not on its way
 * out, for the latest sign among all of them counts.
 */
export const keepAlive = (client: Client, runId: string): (() => void) => {
  const renew = async (): Promise<void> => {
    const namespaces = await client.list(pathOf('Namespace'), { labelSelector: `${RUN_LABEL}=${runId}` });
    const first = namespaces.find(({ metadata }) => metadata.deletionTimestamp === undefined);
    if (first) await stayAlive(client, [first.metadata.name]);
  };
  // A cluster that does not answer is told by everything else that the run asks of it.
  const timer = setInterval(() => void renew().catch(() => {}), RENEWAL_MS).unref();
  return () => clearInterval(timer);
};
