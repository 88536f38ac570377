import { adviseFor, type Wanted, wantedFromSeen, wantedOf } from '../../advise/index.ts';
import { PodreachError } from '../../errors.ts';
import { DIRECTIONS } from '../../model/index.ts';
import { advisedJson, advisedSummary, policyYaml } from '../../report/advise/index.ts';
import type { Scenario, Step } from '../../scenario/index.ts';
import { requireNewFolder } from '../output/index.ts';
import { readRunFile } from '../run-file.ts';
import { oneScenario, stepNamed, tellNotes } from '../scenarios/index.ts';
import type { Terminal } from '../terminal/index.ts';
import { writeAdvised } from './folder.ts';
import { seenIn } from './seen.ts';

/** The flags of `podreach advise`; see its --help. */
export interface AdviseFlags {
  readonly observed?: string;
  readonly step?: string;
  readonly direction: 'ingress' | 'egress' | 'both';
  readonly output?: string;
  readonly reporter: 'yaml' | 'json';
  readonly namespace?: string;
}

/** `podreach advise`: policies for a matrix. Returns 1 if some cell does not come out as expected. */
export const advise = async (path: string, flags: AdviseFlags, terminal: Terminal): Promise<number> => {
  const { output, direction, reporter, namespace } = flags;
  if (output !== undefined) await requireNewFolder('--output', output);
  const scenario = await oneScenario(path, 'advise', { openStdin: terminal.openStdin, namespace });
  tellNotes([scenario], terminal.progress);
  const step = stepNamed(scenario, flags.step);
  const wanted = await wantedFor(scenario, step, flags);
  const directions = DIRECTIONS.filter((one) => direction === 'both' || one === direction);
  const advised = adviseFor(wanted, { directions });
  const { colour, width, print, complain } = terminal;
  const summary = advisedSummary(advised, { colour, ...(width !== undefined && { width }) });
  const files = output === undefined ? '' : `\n${await writeAdvised(output, { scenario, wanted, advised })}`;
  if (reporter === 'json') {
    await print(advisedJson({ scenario: scenario.name, file: scenario.file, step: step.name }, advised));
  } else if (output === undefined) {
    await print(advised.policies.map(policyYaml).join('---\n'));
    complain(summary);
  } else await print(summary + files);
  return advised.unmet.length > 0 ? 1 : 0;
};

const wantedFor = async (scenario: Scenario, step: Step, { observed }: AdviseFlags): Promise<Wanted> => {
  if (observed !== undefined) {
    const { result } = await readRunFile(observed);
    return wantedFromSeen(step.topology, seenIn(result, { file: observed, scenario, step }));
  }
  const wanted = wantedOf(step);
  if (wanted) return wanted;
  throw new PodreachError(`${scenario.file} has no expectation to advise policies for`, {
    hint: 'write rules, a grid or `expect: model`, or name what was seen with --observed',
  });
};
