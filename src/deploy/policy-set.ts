import pLimit from 'p-limit';
import { type Client, type Manifest, pathOf } from '../cluster/client.ts';
import { PodreachError } from '../errors.ts';
import type { Policy } from '../scenario/index.ts';
import { policyManifest } from './policy-manifest.ts';
import { differingPath } from './policy-readback.ts';

/** The policies in force in one deployment. */
export interface PolicySet {
  /**
   * Brings exactly these policies into force: applies each, reads it back and compares, and deletes those of an
   * earlier call that are not among them. Throws a PodreachError that names file and line: on a refusal, on a
   * difference, or on a namespace that the deployment lacks.
   */
  applyPolicies(policies: readonly Policy[]): Promise<void>;
  /** Deletes every policy of earlier calls. */
  removePolicies(): Promise<void>;
}

const MAX_IN_FLIGHT = 10;

/** `namespaces` maps a scenario's namespaces to the cluster's. */
export const policySet = (
  client: Client,
  namespaces: ReadonlyMap<string, string>,
  signal?: AbortSignal | undefined,
): PolicySet => {
  const limit = pLimit(MAX_IN_FLIGHT);
  const applied = new Set<string>();
  const rename = (namespace: string): string => namespaces.get(namespace) ?? namespace;

  /** Applies, reads back, and returns the path within the spec that differs. */
  const applyOnce = async (manifest: Manifest, path: string): Promise<string | null> => {
    await client.apply(manifest, { signal });
    const { spec } = await client.get(path, { signal });
    return differingPath(manifest.spec, spec);
  };

  const apply = async (policy: Policy): Promise<string> => {
    const where = `${policy.file}:${policy.line}`;
    if (!namespaces.has(policy.namespace))
      throw new PodreachError(
        `${where}: policy ${policy.name} is for namespace ${policy.namespace}, which the scenario lacks`,
      );
    const manifest = policyManifest(policy, rename);
    const path = pathOf('NetworkPolicy', { namespace: rename(policy.namespace), name: policy.name });
    const isUpdate = applied.has(path);
    applied.add(path);
    try {
      let difference = await applyOnce(manifest, path);
      if (difference !== null && isUpdate) {
        // An update keeps what the server once filled in, such as policyTypes, though the file now means another default.
        await client.delete(path, { signal });
        difference = await applyOnce(manifest, path);
      }
      if (difference === null) return path;
      throw new PodreachError(`the cluster holds policy ${policy.name} with another ${difference} than the file`, {
        hint: 'either the API reads this part of the file otherwise, or an admission webhook changed it',
      });
    } catch (error) {
      if (!(error instanceof PodreachError)) throw error;
      throw new PodreachError(`${where}: ${error.message}`, error.hint === undefined ? {} : { hint: error.hint });
    }
  };

  const remove = async (paths: readonly string[]): Promise<void> => {
    await Promise.all(paths.map((path) => limit(() => client.delete(path, { signal }))));
    for (const path of paths) applied.delete(path);
  };

  return {
    applyPolicies: async (policies) => {
      const wanted = new Set(await Promise.all(policies.map((policy) => limit(() => apply(policy)))));
      await remove([...applied].filter((path) => !wanted.has(path)));
    },
    removePolicies: () => remove([...applied]),
  };
};
