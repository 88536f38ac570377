import { PodreachError } from '../errors.ts';
import { type Client, type KubeObject, type Manifest, pathOf } from '../kube/index.ts';
import { ALIVE_ANNOTATION, aliveText } from './alive.ts';
import { OWNER_ANNOTATION, RUN_LABEL } from './cluster-name.ts';

/** What marks a namespace as belonging to a run. */
export interface RunMark {
  readonly runId: string;
  /** The run's process, as `ownerText` writes it. */
  readonly owner: string;
}

/** A namespace of the run. Except for the run's label, its labels are the scenario's, because selectors see them. */
export const namespaceManifest = (
  name: string,
  labels: Readonly<Record<string, string>>,
  { runId, owner }: RunMark,
): Manifest => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name,
    labels: { ...labels, [RUN_LABEL]: runId },
    annotations: { [OWNER_ANNOTATION]: owner, [ALIVE_ANNOTATION]: aliveText() },
  },
});

export const serviceAccountManifest = (namespace: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'default', namespace },
});

/**
 * Creates a namespace of the run. Throws a PodreachError if the name is taken: its content is not podreach's to change,
 * or to delete with the run.
 */
export const createNamespace = async (client: Client, manifest: Manifest, signal?: AbortSignal): Promise<void> => {
  try {
    await client.create(manifest, { signal });
  } catch (error) {
    const { metadata } = manifest as unknown as KubeObject;
    const there = await client.get(pathOf('Namespace', { name: metadata.name }), { signal }).catch(() => undefined);
    if (there === undefined) throw error;
    // If the answer to a request was lost, it is repeated and finds what it created itself.
    if (isOfSameRun(there.metadata, metadata)) return;
    throw new PodreachError(`the namespace ${metadata.name} already exists, and this run did not create it`, {
      hint: `if nobody needs it: kubectl delete namespace ${metadata.name}`,
      cause: error,
    });
  }
};

const isOfSameRun = (one: KubeObject['metadata'], other: KubeObject['metadata']): boolean =>
  one.labels?.[RUN_LABEL] === other.labels?.[RUN_LABEL] &&
  one.annotations?.[OWNER_ANNOTATION] === other.annotations?.[OWNER_ANNOTATION];

/** Waits until namespaces are gone, with everything in them. */
export const untilGone = async (
  client: Client,
  names: readonly string[],
  deadlineMs: number,
  signal?: AbortSignal,
): Promise<void> => {
  const left = (all: readonly KubeObject[]) => all.filter(({ metadata }) => names.includes(metadata.name));
  await client.waitFor(pathOf('Namespace'), (all) => left(all).length === 0, {
    labelSelector: RUN_LABEL,
    deadlineMs,
    signal,
    what: 'the end of the namespaces',
    describe: (all) =>
      `still there: ${left(all)
        .map(({ metadata }) => metadata.name)
        .join(', ')}`,
  });
};
