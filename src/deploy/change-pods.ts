import pLimit from 'p-limit';
import { type Client, type Manifest, type PodObject, pathOf, readyPods } from '../kube/index.ts';
import type { Difference } from './difference.ts';
import { createNamespace, namespaceManifest, type RunMark, serviceAccountManifest, untilGone } from './namespaces.ts';
import { podManifest } from './pod-manifest.ts';
import { keyOfPod, type WantedPod } from './wanted.ts';

export interface ChangeOptions extends RunMark {
  /** The probe image, by a name that every node has or can pull. */
  readonly image: string;
  /** How long new pods may take to become ready. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Called whenever the API server has accepted other labels of something. */
  readonly onAccepted?: (() => void) | undefined;
}

const MAX_IN_FLIGHT = 10;
/** How long pods and namespaces may take to go. */
const GONE_MS = 60_000;

/**
 * Makes a difference in the cluster: what goes is gone before anything comes, because its addresses may be needed. New
 * pods are not awaited.
 */
export const changePods = async (
  client: Client,
  difference: Difference,
  options: Omit<ChangeOptions, 'deadlineMs'>,
): Promise<void> => {
  const { signal, onAccepted } = options;
  const limit = pLimit(MAX_IN_FLIGHT);
  const each = <Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<unknown> =>
    Promise.all(items.map((item) => limit(() => work(item))));
  const apply = (manifest: Manifest) => client.apply(manifest, { signal });

  await remove(client, difference, each, signal);
  const { newNamespaces, newPods, relabelledNamespaces, relabelledPods } = difference;
  await each(newNamespaces, ({ name, labels }) =>
    createNamespace(client, namespaceManifest(name, labels, options), signal),
  );
  // Admission refuses pods until the namespace has this account, and its controller takes a moment. Creating it here
  // saves that time.
  await each(newNamespaces, ({ name }) => apply(serviceAccountManifest(name)));
  await each(newPods, ({ pod, ...placement }) => apply(podManifest(pod, { ...placement, image: options.image })));
  const relabel = async (path: string, labels: object): Promise<void> => {
    await client.patch(path, { metadata: { labels } }, { signal });
    onAccepted?.();
  };
  await each(relabelledNamespaces, ({ thing: { name }, changes }) => relabel(pathOf('Namespace', { name }), changes));
  await each(relabelledPods, ({ thing, changes }) => relabel(pathOfPod(thing), changes));
};

type Each = <Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>) => Promise<unknown>;

const pathOfPod = ({ namespace, pod: { name } }: WantedPod): string => pathOf('Pod', { namespace, name });

const remove = async (
  client: Client,
  { gonePods, goneNamespaces }: Difference,
  each: Each,
  signal: AbortSignal | undefined,
): Promise<void> => {
  // Without a period of grace, a pod is no longer listed while its containers may still run.
  await each(gonePods, (pod) => client.delete(`${pathOfPod(pod)}?gracePeriodSeconds=1`, { signal }));
  await each(goneNamespaces, ({ name }) => client.delete(pathOf('Namespace', { name }), { signal }));
  const byNamespace = [...Map.groupBy(gonePods, ({ namespace }) => namespace)];
  await Promise.all(byNamespace.map(([namespace, pods]) => untilPodsGone(client, namespace, pods, signal)));
  const names = goneNamespaces.map(({ name }) => name);
  if (names.length > 0) await untilGone(client, names, GONE_MS, signal);
};

const untilPodsGone = async (
  client: Client,
  namespace: string,
  pods: readonly WantedPod[],
  signal: AbortSignal | undefined,
): Promise<void> => {
  const names = new Set(pods.map(({ pod }) => pod.name));
  const left = (all: readonly { readonly metadata: { readonly name: string } }[]) =>
    all.filter(({ metadata }) => names.has(metadata.name));
  await client.waitFor(pathOf('Pod', { namespace }), (all) => left(all).length === 0, {
    deadlineMs: GONE_MS,
    signal,
    what: `the end of the pods deleted from ${namespace}`,
    describe: (all) =>
      `still there: ${left(all)
        .map(({ metadata }) => metadata.name)
        .join(', ')}`,
  });
};

/**
 * The new pods, by `keyOfPod`, as soon as all are ready. Throws a PodreachError that says which one is not, and why.
 */
export const newPodsReady = async (
  client: Client,
  pods: readonly WantedPod[],
  { deadlineMs, signal }: Pick<ChangeOptions, 'deadlineMs' | 'signal'>,
): Promise<ReadonlyMap<string, PodObject>> => {
  const byNamespace = [...Map.groupBy(pods, ({ namespace }) => namespace)];
  const found = await Promise.all(
    byNamespace.map(async ([namespace, own]) => {
      const names = own.map(({ pod }) => pod.name);
      const ready = await readyPods(client, namespace, names, { deadlineMs, signal });
      return own.flatMap((one) => {
        const object = ready.get(one.pod.name);
        return object ? [[keyOfPod(one), object] as const] : [];
      });
    }),
  );
  return new Map(found.flat());
};
