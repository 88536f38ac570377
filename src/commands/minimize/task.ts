/** What a command line asks `podreach minimize` to reduce. */
import { PodreachError } from '../../errors.ts';
import { type Subject, subjectOf, type World, worldIn } from '../../minimize/index.ts';
import type { Family, Probe } from '../../model/index.ts';
import { cellText } from '../../report/minimize/index.ts';
import { familiesOfSteps, type Scenario, type Step, unwritableServices } from '../../scenario/index.ts';
import { type LiveFlags, requireContext } from '../live-cluster.ts';
import { checkFile } from '../output/index.ts';
import { type Asked, familyOfBoth, oneScenario, probeOf, stepNamed, tellNotes } from '../scenarios/index.ts';
import type { Terminal } from '../terminal/index.ts';
import { requireFree } from './result.ts';

/** The flags of `podreach minimize`; see its --help. */
export interface MinimizeFlags extends Partial<LiveFlags> {
  readonly cell?: Asked;
  readonly output?: string;
  readonly bundle?: string;
  readonly live?: boolean;
  readonly tries: number;
  readonly step?: string;
  readonly family?: Family;
  readonly namespace?: string;
  readonly reporter: 'terminal' | 'json';
}

/** What is to be reduced. */
export interface Task {
  readonly scenario: Scenario;
  readonly step: Step;
  readonly subject: Subject;
  readonly world: World;
  readonly output: string;
  readonly triesAtMost: number;
}

/** Throws a PodreachError for flags that would have no effect. */
const requireLive = (flags: MinimizeFlags): void => {
  if (flags.live) requireContext(flags);
  else
    for (const name of ['context', 'kubeconfig', 'keep'] as const)
      if (flags[name] !== undefined)
        throw new PodreachError(`--${name} has no effect without --live`, { hint: 'add --live' });
};

/** Loads it; throws a PodreachError for whatever can't be reduced, and for flags that have no effect. */
export const taskOf = async (path: string, flags: MinimizeFlags, terminal: Terminal): Promise<Task> => {
  requireLive(flags);
  const { cell: asked, output, namespace, tries } = flags;
  if (!asked) throw new PodreachError('--cell is missing', { hint: "for example --cell 'dev/client prod/web 80/TCP'" });
  if (output === undefined)
    throw new PodreachError('--output is missing', { hint: 'name a new folder for the result' });
  const scenario = await oneScenario(path, 'minimize', { openStdin: terminal.openStdin, namespace });
  tellNotes([scenario], terminal.progress);
  const step = stepNamed(scenario, flags.step);
  const [unwritable] = unwritableServices(step.topology);
  if (unwritable) {
    const { namespace: its, name, aliasOf } = unwritable;
    const kind = aliasOf === undefined ? 'a LoadBalancer without node ports' : 'an ExternalName';
    throw new PodreachError(`minimize can't write the Service ${its}/${name}, which is ${kind}`, {
      hint: 'remove it from the manifests first',
    });
  }
  const subject = subjectOf(step, cellOf(step, asked, flags.family));
  const world = worldIn(subject);
  if (!world) throw new PodreachError(`${cellText(subject.cell)} is not a cell that minimize can reduce`);
  if (flags.bundle !== undefined) {
    const { requireBundle } = await import('./bundle.ts');
    requireBundle(step.topology, [subject.cell.from, subject.cell.to]);
    await checkFile(flags.bundle, 'the bundle');
  }
  if (!flags.live) await requireFree(output);
  return { scenario, step, subject, world, output, triesAtMost: tries };
};

/** A family is named only where the scenario has several. */
const cellOf = (step: Step, asked: Asked, family?: Family): Probe => {
  const probe = probeOf(step, asked);
  if (probe.from === probe.to)
    throw new PodreachError('nothing is expected of a pod to itself, so there is nothing to minimize');
  const isNamed = family !== undefined || familiesOfSteps([step]).length > 1;
  return isNamed ? { ...probe, family: family ?? familyOfBoth(step, probe) } : probe;
};
