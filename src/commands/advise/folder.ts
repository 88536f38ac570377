import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Advised, type AdvisedPolicy, manifestOf, type Wanted } from '../../advise/index.ts';
import { commandLine } from '../../command-line.ts';
import { PodreachError } from '../../errors.ts';
import { policyYaml } from '../../report/advise/index.ts';
import {
  type ExpectedProbe,
  isSameTopology,
  loadScenarios,
  probeKey,
  type Scenario,
  scenarioText,
  unwritableServices,
  writeGrid,
} from '../../scenario/index.ts';
import { listed, plural, printable } from '../../text.ts';

interface Written {
  readonly scenario: Pick<Scenario, 'name' | 'intent' | 'file'>;
  readonly wanted: Wanted;
  readonly advised: Advised;
}

/**
 * Writes a scenario that stands by itself: the pods, the policies, and as its grid what is wanted. Reads it again, and
 * removes it if that gives anything else. Returns what was written, and how to prove it.
 */
export const writeAdvised = async (folder: string, { scenario, wanted, advised }: Written): Promise<string> => {
  const { policies } = advised;
  const topology = { ...wanted.topology, services: writable(wanted.topology) };
  const left = wanted.topology.services.length - topology.services.length;
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { flag: 'wx' });
  };
  const created = await mkdir(folder, { recursive: true });
  try {
    const { name, intent } = scenario;
    const head = {
      name,
      ...(intent !== undefined && { intent }),
      ...(policies.length === 0 && { policies: [] as const }),
    };
    await write('scenario.yaml', scenarioText(head, topology));
    for (const policy of policies) await write(fileOf(policy), policyYaml(policy));
    const file = join(folder, 'scenario.yaml');
    await writeGrid(file, gridOf(wanted), { topology, path: [] });
    await requireSame(folder, topology, policies);
  } catch (error) {
    await rm(created ?? join(folder, 'scenario.yaml'), { recursive: true, force: true });
    if (created === undefined) await rm(join(folder, 'policies'), { recursive: true, force: true });
    throw error;
  }
  return [
    `wrote ${plural(policies.length, 'policy', 'policies')} into ${printable(join(folder, 'policies'))}`,
    ...(left > 0
      ? [`left out ${plural(left, 'Service')}: only manifests can say what ${left === 1 ? 'it is' : 'they are'}`]
      : []),
    `prove them: ${commandLine(['podreach', 'run', folder])}`,
    '',
  ].join('\n');
};

const writable = (topology: Wanted['topology']) => {
  const unwritable = new Set(unwritableServices(topology));
  return topology.services.filter((service) => !unwritable.has(service));
};

const fileOf = ({ namespace, name }: AdvisedPolicy): string => join('policies', namespace, `${name}.yaml`);

/** One cell for all families; where they are not to be the same, nothing is expected, because a grid can't say it. */
const gridOf = ({ cells }: Wanted): readonly ExpectedProbe[] =>
  [...Map.groupBy(cells, ({ family: _, ...probe }) => probeKey(probe)).values()].map((alike) => {
    const [{ family: _, doubt: __, ...cell }] = alike as [(typeof alike)[0] & object];
    const isOne = alike.every(({ expectation }) => expectation === cell.expectation);
    return isOne ? cell : { ...cell, expectation: null };
  });

const requireSame = async (
  folder: string,
  topology: Wanted['topology'],
  policies: readonly AdvisedPolicy[],
): Promise<void> => {
  const [loaded] = await loadScenarios([folder]);
  const [step] = loaded?.steps ?? [];
  const specs = new Map(policies.map((policy) => [`${policy.namespace}/${policy.name}`, manifestOf(policy).spec]));
  const odd = step?.policies.filter(({ namespace, name, manifest }) => {
    return !isDeepStrictEqual(manifest.spec, specs.get(`${namespace}/${name}`));
  });
  if (step && isSameTopology(step.topology, topology) && odd?.length === 0 && step.policies.length === specs.size)
    return;
  const names = odd?.map(({ namespace, name }) => `${namespace}/${name}`) ?? [];
  throw new PodreachError(
    `${printable(folder)} can't hold this scenario: ${names.length > 0 ? listed(names) : 'its pods'} would be read as something else`,
    { hint: 'leave out --output, and write the policies from standard output' },
  );
};
