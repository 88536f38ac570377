import { clusterLeftovers, fileLeftovers, keptClusters } from '../../cluster/index.ts';
import {
  hostLeftovers,
  isHostContainer,
  namespaceLeftovers,
  policyLeftovers,
  routeLeftovers,
} from '../../deploy/index.ts';
import { PodreachError } from '../../errors.ts';
import {
  exclusively,
  isHere,
  type Leftover,
  objectLeftovers,
  removeLeftovers,
  requireEngine,
} from '../../host/index.ts';
import { type Client, connect, defaultKubeconfig } from '../../kube/index.ts';
import type { Progress } from '../../progress.ts';
import { printable } from '../../report/index.ts';
import type { Terminal } from '../terminal/index.ts';
import { ageText } from './age.ts';

export interface GcFlags {
  readonly dryRun?: boolean;
  /** In milliseconds. Only what is older is removed. */
  readonly olderThan?: number;
  /** Only what the process of this number left. */
  readonly process?: number;
  /** Also looks for namespaces and temporary policies in this cluster of the user's. */
  readonly context?: string;
  readonly kubeconfig?: string;
}

/**
 * `podreach cluster gc`: lists what dead runs left behind and why nobody uses it, and removes it unless told not to.
 * Returns the exit code: 2 if something could not be searched for or removed. Throws a PodreachError for a kubeconfig
 * without a context.
 */
export const gc = async (flags: GcFlags, terminal: Terminal): Promise<number> => {
  const { progress } = terminal;
  if (flags.kubeconfig !== undefined && flags.context === undefined)
    throw new PodreachError('--kubeconfig is for a cluster of your own', { hint: 'name it with --context' });
  let unseen = 0;
  const look = (find: () => Promise<readonly Leftover[]>): Promise<readonly Leftover[]> =>
    find().catch((error: unknown) => {
      if (!(error instanceof PodreachError)) throw error;
      unseen += 1;
      progress.note(error.message, 'important');
      return [];
    });
  return exclusively('the cleanup', progress, async () => {
    const found = await leftovers(flags, progress, look);
    const old = found.filter(({ since }) => isOlder(since, flags.olderThan));
    const chosen = flags.process === undefined ? old : await leftBy(flags.process, old);
    terminal.print(tableOf(chosen));
    if (flags.dryRun) {
      terminal.print(`${chosen.length > 0 ? `${chosen.length} would be removed` : NOTHING}\n`);
      return unseen > 0 ? 2 : 0;
    }
    const failed = await removeLeftovers(chosen, progress);
    terminal.print(`${chosen.length > 0 ? `removed ${chosen.length - failed.length} of ${chosen.length}` : NOTHING}\n`);
    return unseen + failed.length > 0 ? 2 : 0;
  });
};

const NOTHING = 'dead runs left nothing behind';

type Look = (find: () => Promise<readonly Leftover[]>) => Promise<readonly Leftover[]>;

/** In the order in which they are removed. */
const leftovers = async (flags: GcFlags, progress: Progress, look: Look): Promise<readonly Leftover[]> => {
  const { context, kubeconfig = defaultKubeconfig() } = flags;
  return [
    ...(await look(async () => {
      await requireEngine();
      return inEngine(progress, look);
    })),
    ...(context === undefined
      ? []
      : [
          ...(await look(() => inCluster(context, kubeconfig, namespaceLeftovers, context))),
          ...(await look(() => inCluster(context, kubeconfig, policyLeftovers, context))),
        ]),
    ...(await fileLeftovers()),
  ];
};

const inEngine = async (progress: Progress, look: Look): Promise<readonly Leftover[]> => {
  const kept = await keptClusters();
  const inside = kept.map(async ({ name, kubeconfig, nodes }) => [
    ...(await look(() => inCluster(name, kubeconfig, namespaceLeftovers))),
    ...(await look(() => inCluster(name, kubeconfig, policyLeftovers))),
    ...(await look(() => routeLeftovers(nodes))),
  ]);
  return [
    ...(await look(() => clusterLeftovers(progress))),
    ...(await look(hostLeftovers)),
    ...(await look(() => objectLeftovers((object) => !isHostContainer(object)))),
    ...(await Promise.all(inside)).flat(),
  ];
};

const inCluster = async (
  cluster: string,
  kubeconfig: string,
  find: (client: Client) => Promise<readonly Leftover[]>,
  context?: string,
): Promise<readonly Leftover[]> => {
  // Not closed: the removal uses its connections too, and they keep no process alive.
  const client = connect(kubeconfig, context);
  const found = await find(client);
  return found.map((leftover) => ({ ...leftover, name: `${cluster}: ${leftover.name}` }));
};

/** Those of a process that was on this machine; others have the same numbers. */
const leftBy = async (pid: number, all: readonly Leftover[]): Promise<readonly Leftover[]> => {
  const here = await Promise.all(all.map(({ owner }) => owner !== undefined && owner.pid === pid && isHere(owner)));
  return all.filter((_, index) => here[index]);
};

const isOlder = (since: Date | undefined, limitMs: number | undefined): boolean =>
  limitMs === undefined || (since !== undefined && Date.now() - since.getTime() > limitMs);

const tableOf = (all: readonly Leftover[]): string => {
  if (all.length === 0) return '';
  const rows = [
    ['WHAT', 'NAME', 'AGE', 'WHY'],
    ...all.map(({ what, name, since, why }) => [what, name, since ? ageText(Date.now() - since.getTime()) : '-', why]),
  ].map((row) => row.map(printable));
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`).join('');
};
