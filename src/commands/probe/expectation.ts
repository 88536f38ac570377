/** What `podreach probe` expects of existing pods. */
import { familiesOf, topologyOf } from '../../attach/index.ts';
import { PodreachError } from '../../errors.ts';
import { headOfProbe, type ProbePlan } from '../../run/index.ts';
import { type ExpectationFile, readExpectation, type Scenario } from '../../scenario/index.ts';
import { checkFile } from '../output/index.ts';

interface ExpectFlags {
  readonly expect?: string;
  readonly updateSnapshots?: boolean;
}

/** The file of `--expect`; undefined without it. Throws a PodreachError if it can't be read, or written for `-u`. */
export const readExpectationOf = async ({
  expect,
  updateSnapshots = false,
}: ExpectFlags): Promise<ExpectationFile | undefined> => {
  if (expect === undefined) {
    if (!updateSnapshots) return undefined;
    throw new PodreachError('-u has no file to write the grid to', { hint: 'name it with --expect' });
  }
  const expectation = await readExpectation(expect, { mayBeMissing: updateSnapshots });
  if (updateSnapshots) await checkFile(expect, 'the grid');
  return expectation;
};

/**
 * The plan with what the file expects of its pods, and the scenario that stands for it when `-u` writes its grid. Throws
 * a PodreachError for a rule or a grid that does not fit the pods.
 */
export const expecting = (
  plan: ProbePlan,
  { expectedOf, ...place }: ExpectationFile,
): { readonly plan: ProbePlan; readonly scenario: Scenario } => {
  const topology = topologyOf(plan.pods);
  const { expected, form } = expectedOf(topology);
  const families = familiesOf(plan.pods);
  if (families.length < 2 && expected?.some(({ family }) => family !== undefined))
    throw new PodreachError(`${place.file} tells IPv4 and IPv6 apart, but these pods have only ${families.join()}`, {
      hint: 'leave `family` out of its rules',
    });
  const judged = { ...plan, expectation: { file: place.file, expected } };
  const step = { name: place.file, topology, policies: [], expected, form, path: [], ...place };
  return { plan: judged, scenario: { ...headOfProbe(judged), steps: [step] } };
};
