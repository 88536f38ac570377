/**
 * Policies that podreach puts beside a user's own for a moment. Each belongs to a Job that starts no pod and expires by
 * itself: the cluster then removes the Job and, as its owner's dependent, the policy, whatever became of podreach.
 */
import { PodreachError } from '../errors.ts';
import { type Leftover, ownerText, thisOwner } from '../host/index.ts';
import { type Client, type KubeObject, type Manifest, pathOf } from '../kube/index.ts';
import { ALIVE_ANNOTATION, aliveText } from './alive.ts';
import { OWNER_ANNOTATION } from './cluster-name.ts';
import { ownerOf, whyOver } from './dead-runs.ts';

/** Marks what was created for a diagnosis; its value is the diagnosis. */
const LABEL = 'podreach/diagnose';

export interface TemporaryPolicy {
  readonly namespace: string;
  readonly spec: Manifest;
}

export interface TemporaryOptions {
  /** Unique to this process, and a valid name. */
  readonly name: string;
  readonly seconds: number;
  /** The namespaces in which the user may create Jobs. In the others nothing removes the policy but podreach. */
  readonly mayExpire: ReadonlySet<string>;
  readonly signal: AbortSignal;
}

/**
 * Creates the policies, does the work, and removes them whatever happens. The work gets what the API server made of the policies.
 * Throws a PodreachError if one could not be created, or not be removed.
 */
export const withTemporaryPolicies = async <Result>(
  client: Client,
  policies: readonly TemporaryPolicy[],
  options: TemporaryOptions,
  work: () => Promise<Result>,
): Promise<Result> => {
  const namespaces = [...new Set(policies.map(({ namespace }) => namespace))];
  try {
    const owners = new Map<string, KubeObject>();
    for (const namespace of namespaces.filter((one) => options.mayExpire.has(one)))
      owners.set(namespace, await client.create(await expiry(namespace, options), options));
    for (const [index, policy] of policies.entries())
      await client.create(await policyManifest(policy, `${options.name}-${index + 1}`, owners, options), options);
    return await work();
  } finally {
    await removeAll(client, policies, options);
  }
};

/** Not with the signal: this has to happen after an interruption, too. */
const removeAll = async (
  client: Client,
  policies: readonly TemporaryPolicy[],
  { name, mayExpire }: TemporaryOptions,
): Promise<void> => {
  const namespaces = new Set(policies.map(({ namespace }) => namespace));
  const jobs = [...namespaces]
    .filter((one) => mayExpire.has(one))
    .map((namespace) => pathOf('Job', { namespace, name }));
  await deleteAll(
    client,
    policies.map(({ namespace }, index) => pathOf('NetworkPolicy', { namespace, name: `${name}-${index + 1}` })),
  );
  // A Job that is deleted before its policy would leave that without an end.
  await deleteAll(client, jobs);
};

const deleteAll = async (client: Client, paths: readonly string[]): Promise<void> => {
  const done = await Promise.allSettled(paths.map((path) => client.delete(path)));
  const failed = paths.filter((_, index) => done[index]?.status === 'rejected');
  if (failed.length === 0) return;
  throw new PodreachError(`${failed.join(', ')} could not be removed`, {
    hint: `kubectl delete --raw ${failed[0]}; or later: podreach cluster gc --context ${client.context}`,
  });
};

const metadataOf = async (namespace: string, name: string, { seconds }: TemporaryOptions, diagnosis: string) => ({
  ...{ namespace, name },
  labels: { [LABEL]: diagnosis },
  annotations: {
    [OWNER_ANNOTATION]: ownerText(await thisOwner()),
    [ALIVE_ANNOTATION]: aliveText(seconds * 1000),
  },
});

/** Without parallelism no pod is created, and the deadline counts all the same. */
const expiry = async (namespace: string, options: TemporaryOptions): Promise<Manifest> => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: await metadataOf(namespace, options.name, options, options.name),
  spec: {
    parallelism: 0,
    backoffLimit: 0,
    activeDeadlineSeconds: options.seconds,
    ttlSecondsAfterFinished: 0,
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'none', image: 'podreach.invalid/none' }] } },
  },
});

const policyManifest = async (
  { namespace, spec }: TemporaryPolicy,
  name: string,
  owners: ReadonlyMap<string, KubeObject>,
  options: TemporaryOptions,
): Promise<Manifest> => {
  const owner = owners.get(namespace)?.metadata;
  const ownerReferences = owner && [{ apiVersion: 'batch/v1', kind: 'Job', name: owner.name, uid: owner.uid }];
  const metadata = await metadataOf(namespace, name, options, options.name);
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { ...metadata, ...(ownerReferences && { ownerReferences }) },
    spec,
  };
};

/** The temporary policies of diagnoses that are over: in one namespace, or in all of them. */
export const policyLeftovers = async (
  client: Client,
  at: { readonly namespace?: string } = {},
  signal?: AbortSignal,
): Promise<readonly Leftover[]> => {
  const policies = await client.list(pathOf('NetworkPolicy', at), { labelSelector: LABEL, signal });
  const found = await Promise.all(
    policies.map(async (policy): Promise<readonly Leftover[]> => {
      const why = await whyOver([policy]);
      return why === undefined ? [] : [leftover(client, policy, why)];
    }),
  );
  return found.flat();
};

const leftover = (client: Client, { metadata }: KubeObject, why: string): Leftover => {
  const { name, namespace = 'default', creationTimestamp } = metadata;
  return {
    what: 'policy',
    name: `${namespace}/${name}`,
    why,
    owner: ownerOf(metadata),
    since: creationTimestamp === undefined ? undefined : new Date(creationTimestamp),
    remove: () => client.delete(pathOf('NetworkPolicy', { namespace, name })),
  };
};
