import pLimit from 'p-limit';
import { PodreachError } from '../../errors.ts';
import { type Client, type Manifest, pathOf } from '../../kube/index.ts';
import type { Policy } from '../../scenario/index.ts';
import { listedSentences } from '../../text.ts';
import { type AppliedPolicy, type PolicyObject, policyChanges } from './changes.ts';
import { policyManifest } from './manifest.ts';
import { differingPath } from './readback.ts';

/** The policies in force in one deployment. */
export interface PolicySet {
  /**
   * Brings exactly these policies into force: applies each, reads it back and compares it, and deletes those of an
   * earlier call that are not among them. Throws a PodreachError with file and line on a refusal, a difference, or a
   * namespace that the deployment lacks. Throws one that names the policy if a deleted policy does not go away.
   * @param onAccepted Called whenever the API server has accepted a request that changes something.
   */
  applyPolicies(policies: readonly Policy[], onAccepted?: () => void): Promise<void>;
  /** Deletes every policy of earlier calls, and resolves once all are gone. */
  removePolicies(): Promise<void>;
  /**
   * Reads all policies of the deployment's namespaces. Throws a PodreachError that says which differ from the applied
   * ones, and how: observations made meanwhile then prove nothing about the scenario's policies.
   */
  requirePolicies(): Promise<void>;
}

export interface PolicySetOptions {
  readonly signal?: AbortSignal | undefined;
  /** The deployment's namespaces, by the cluster's names, that the scenario has no name for. */
  readonly others?: Iterable<string>;
  /** How long a deleted policy may take to go away. */
  readonly goneMs?: number;
}

const MAX_IN_FLIGHT = 10;
const GONE_MS = 30_000;

/** `namespaces` maps a scenario's namespaces to the cluster's; it is read each time. */
export const policySet = (
  client: Client,
  namespaces: ReadonlyMap<string, string>,
  { signal, others = [], goneMs = GONE_MS }: PolicySetOptions = {},
): PolicySet => {
  const limit = pLimit(MAX_IN_FLIGHT);
  const applied = new Map<string, AppliedPolicy>();
  const rename = (namespace: string): string => namespaces.get(namespace) ?? namespace;
  const pathTo = ({ namespace, name }: Pick<Policy, 'namespace' | 'name'>): string =>
    pathOf('NetworkPolicy', { namespace: rename(namespace), name });

  /** Applies, reads back, and returns the path within the spec that differs. */
  const applyOnce = async (
    policy: Policy,
    manifest: Manifest,
    path: string,
    onAccepted: () => void,
  ): Promise<string | null> => {
    const before = applied.get(path)?.object.metadata.resourceVersion;
    // Recorded before it is sent, so that even a request that fails half-way is cleaned up.
    applied.set(path, { policy, manifest, object: { metadata: { name: policy.name } } });
    const { metadata } = await client.apply(manifest, { signal });
    if (before === undefined || metadata.resourceVersion !== before) onAccepted();
    const object: PolicyObject = await client.get(path, { signal });
    applied.set(path, { policy, manifest, object });
    return differingPath(manifest.spec, object.spec);
  };

  const apply = async (policy: Policy, onAccepted: () => void): Promise<string> => {
    const where = `${policy.file}:${policy.line}`;
    if (!namespaces.has(policy.namespace))
      throw new PodreachError(
        `${where}: policy ${policy.name} is for namespace ${policy.namespace}, which the scenario does not have`,
      );
    const manifest = policyManifest(policy, rename);
    const path = pathTo(policy);
    const isUpdate = applied.has(path);
    try {
      let difference = await applyOnce(policy, manifest, path, onAccepted);
      if (difference !== null && isUpdate) {
        // An update keeps what the server once filled in, such as policyTypes, although the file now implies another
        // default.
        await client.delete(path, { signal });
        await awaitGone(policy.namespace, [policy]);
        difference = await applyOnce(policy, manifest, path, onAccepted);
      }
      if (difference === null) return path;
      throw new PodreachError(`the cluster has policy ${policy.name} with a different ${difference} than the file`, {
        hint: 'either the API reads this part of the file differently, or an admission webhook changed it',
      });
    } catch (error) {
      if (!(error instanceof PodreachError)) throw error;
      throw new PodreachError(`${where}: ${error.message}`, error.hint === undefined ? {} : { hint: error.hint });
    }
  };

  const remove = async (paths: readonly string[], onAccepted: () => void = IGNORED): Promise<void> => {
    await Promise.all(
      paths.map(async (path) => {
        await limit(() => client.delete(path, { signal }));
        onAccepted();
      }),
    );
    const going = paths.flatMap((path) => applied.get(path)?.policy ?? []);
    const byNamespace = [...Map.groupBy(going, ({ namespace }) => namespace)];
    await Promise.all(byNamespace.map(([namespace, policies]) => awaitGone(namespace, policies)));
    for (const path of paths) applied.delete(path);
  };

  /** A finalizer can keep a deleted policy, and the CNI then still enforces it. */
  const awaitGone = async (namespace: string, policies: readonly Pick<Policy, 'name' | 'file' | 'line'>[]) => {
    const going = new Map(policies.map((policy) => [policy.name, policy]));
    const left = (all: readonly PolicyObject[]) => all.filter(({ metadata }) => going.has(metadata.name));
    await client.waitFor(pathOf('NetworkPolicy', { namespace: rename(namespace) }), (all) => left(all).length === 0, {
      deadlineMs: goneMs,
      signal,
      what: `the end of the policies deleted from ${rename(namespace)}`,
      describe: (all) =>
        left(all)
          .map(({ metadata: { name, finalizers = [] } }) => {
            const { file, line } = going.get(name) ?? { file: '', line: 0 };
            const why =
              finalizers.length === 0 ? 'is still listed' : `is kept by its finalizers ${finalizers.join(', ')}`;
            return `${name} (${file}:${line}) ${why}`;
          })
          .join('; '),
    });
  };

  const changesIn = async (namespace: string, name: string): Promise<readonly string[]> => {
    const found = await client.list(pathOf('NetworkPolicy', { namespace: name }), { signal });
    const own = [...applied.values()].filter(({ policy }) => rename(policy.namespace) === name);
    return policyChanges(namespace, own, found);
  };

  /** The policies of a namespace that is gone went with it. */
  const forgetGone = (): void => {
    for (const [path, { policy }] of applied) if (!namespaces.has(policy.namespace)) applied.delete(path);
  };

  return {
    applyPolicies: async (policies, onAccepted = IGNORED) => {
      forgetGone();
      const wanted = new Set(await Promise.all(policies.map((policy) => limit(() => apply(policy, onAccepted)))));
      await remove(
        [...applied.keys()].filter((path) => !wanted.has(path)),
        onAccepted,
      );
    },
    removePolicies: () => {
      forgetGone();
      return remove([...applied.keys()]);
    },
    requirePolicies: async () => {
      forgetGone();
      const all = [...namespaces, ...Array.from(others, (name) => [name, name] as const)];
      const changes = await Promise.all(all.map(([namespace, name]) => limit(() => changesIn(namespace, name))));
      if (changes.flat().length === 0) return;
      throw new PodreachError(
        `the policies are no longer those that were applied, so nothing is judged: ${listedSentences(changes.flat(), CHANGES_SHOWN)}`,
        {
          hint: 'find out who else changes policies: a person, an operator, an admission webhook, a garbage collector',
        },
      );
    },
  };
};

const IGNORED = (): void => undefined;

const CHANGES_SHOWN = 5;
