import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Condensed } from '../../capture/index.ts';
import { PodreachError } from '../../errors.ts';
import { loadScenarios, type Scenario } from '../../scenario/index.ts';
import { manifestYaml } from '../../yaml-library.ts';
import { type Head, scenarioText } from './scenario-text.ts';

/** A scenario's namespaces get a suffix in the cluster, so their names are shorter than those of Kubernetes. */
const NAME = /^[a-z0-9]([-a-z0-9]{0,48}[a-z0-9])?$/;

/** Writes a scenario into the folder, and reads it back. */
export const fillFolder = async (folder: string, condensed: Condensed, head: Head): Promise<Scenario> => {
  const { namespaces, services, policies } = condensed;
  const refused = namespaces.find(({ name }) => !NAME.test(name));
  if (refused)
    throw new PodreachError(`namespace ${refused.name} can't be captured: its name has more than 50 characters`);
  const file = join(folder, 'scenario.yaml');
  await writeFile(file, scenarioText(condensed, head));
  await mkdir(join(folder, 'policies'));
  for (const [namespace, own] of Map.groupBy(policies, (policy) => policy.namespace))
    await writeFile(join(folder, 'policies', `${namespace}.yaml`), documents(own.map(({ manifest }) => manifest)));
  const manifests = services.map(({ service: { name, spec }, namespace }) => ({
    ...{ apiVersion: 'v1', kind: 'Service' },
    metadata: { name, namespace },
    spec,
  }));
  if (manifests.length > 0) await writeFile(join(folder, 'services.yaml'), documents(manifests));
  const [scenario] = await loadScenarios([file]);
  return scenario as Scenario;
};

const documents = (manifests: readonly unknown[]): string => manifests.map((one) => manifestYaml(one)).join('---\n');
