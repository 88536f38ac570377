import { type ComparedResult, type ComparedStep, compareSteps } from '../../compare/index.ts';
import { PodreachError } from '../../errors.ts';
import { failuresIn, throwAll } from '../../failures.ts';
import { comparedExitCode, rolloutExitCode } from '../../report/index.ts';
import {
  fullAllowance,
  type LeftOut,
  largeAllowance,
  readWantedChanges,
  type Scenario,
  type WantedChanges,
} from '../../scenario/index.ts';
import type { OutputFlags } from '../flags/index.ts';
import { chooseReports, type Report, reportOnce, requireNewFolder } from '../output/index.ts';
import { leftOutNote, tellNewWarnings, tellNotes } from '../scenarios/index.ts';
import type { Terminal } from '../terminal/index.ts';
import type { ComparedPair, ProveFlags, Proven } from './live.ts';
import { loadSide } from './load.ts';
import { withoutMissing } from './missing.ts';
import { emptyNote, paired, podlessNotes } from './pairs.ts';
import type { Planned } from './plan.ts';
import { sidesOf } from './sides.ts';

/** The flags of `podreach compare`; see its --help. */
export interface CompareFlags extends Omit<OutputFlags, 'full'>, ProveFlags {
  readonly forbid?: readonly ('opened' | 'closed')[];
  readonly wanted?: string;
  readonly with?: readonly string[];
  readonly namespace?: string;
  /** A new folder for the manifests of a plan. */
  readonly plan?: string;
}

/** `podreach compare`: what a change opens and closes, as predicted and perhaps live. Returns the exit code. */
export const compare = async (
  operands: readonly string[],
  flags: CompareFlags,
  terminal: Terminal,
): Promise<number> => {
  const { forbid = [], wanted: wantedFile, with: shared = [] } = flags;
  if (wantedFile !== undefined && forbid.length === 0)
    throw new PodreachError('--wanted has no effect without --forbid', { hint: 'add --forbid opened,closed' });
  requireLive(flags);
  requirePlan(flags);
  const planning = flags.plan === undefined ? undefined : await planInto(flags.plan);
  const reports = await chooseReports(flags);
  requireFormats(reports);
  const wanted = wantedFile === undefined ? undefined : await readWantedChanges(wantedFile);
  const { one, other, before, after } = await loadSides(operands, shared, flags, terminal);
  tellNotes(after, terminal.progress);
  tellNewWarnings(before, after, terminal.progress);
  const { pairs, added, removed } = paired(before, after);
  for (const note of podlessNotes([one.name, before], [other.name, after], pairs))
    terminal.progress.note(note, 'important');
  const compared = pairs.flatMap(([was, is]) => comparedPairs(was, is, wanted));
  const planned = await planning?.(compared, terminal);
  const walker = planned && flags.live ? (await import('./walk.ts')).walkerOf(planned, flags, terminal) : null;
  const proven: Proven = flags.live
    ? await (await import('./live.ts')).proveLive(compared, flags, terminal, walker?.linger)
    : { comparisons: compared.map(({ comparison }) => comparison) };
  const rollout = planned && { ...planned, proofs: walker?.proofs ?? [] };
  const result: ComparedResult = {
    ...{ before: one.name, after: other.name, forbidden: forbid, added, removed, comparisons: proven.comparisons },
  };
  await reportOnce(reports, terminal, (reporter) => reporter.onCompared?.(result, rollout));
  throwAll([...failuresIn(proven), ...(walker?.failures ?? [])]);
  return Math.max(comparedExitCode(result), rollout ? rolloutExitCode(rollout) : 0);
};

const loadSides = async (
  operands: readonly string[],
  shared: readonly string[],
  { namespace, live }: Pick<CompareFlags, 'namespace' | 'live'>,
  { openStdin, progress, unfinished }: Terminal,
) => {
  const { sides, notes } = await withoutMissing(await sidesOf(operands));
  const [one, other] = sides;
  // The folders of both sides are mostly the same.
  let left: readonly LeftOut[] = [];
  const onLeftOut = (all: readonly LeftOut[]): void => {
    if (all.length > 0) left = all;
  };
  // Both sides are parsed as one, because most of their files are the same.
  const options = {
    openStdin,
    namespace,
    mayBeEmpty: true,
    onLeftOut,
    allowance: live ? fullAllowance() : largeAllowance(),
  };
  const before = await loadSide(one, shared, options, unfinished);
  const after = await loadSide(other, shared, options, unfinished);
  if (before.length === 0 && after.length === 0)
    throw new PodreachError(`neither ${one.name} nor ${other.name} has a scenario or a Kubernetes manifest here`);
  const told = notes.length > 0 ? notes : emptyNote(one.name, other.name, before, after);
  for (const note of told) progress.note(note, 'important');
  for (const note of leftOutNote(left)) progress.note(note);
  return { one, other, before, after };
};

/** Throws a PodreachError at once if the folder can't be used. A plan leads from one state to one other. */
const planInto = async (folder: string) => {
  const { plan } = await import('./plan.ts');
  await requireNewFolder('--plan', folder);
  return (compared: readonly ComparedPair[], { signal }: Terminal): Promise<Planned> => {
    const [pair] = compared;
    if (pair && compared.length === 1) return plan(pair.states, folder, signal);
    throw new PodreachError(`--plan needs one state on each side, but there are ${compared.length} pairs to compare`, {
      hint: 'name one scenario with one step, or manifests',
    });
  };
};

/** Flags that say something about the live proof, and have no preset. */
const ONLY_LIVE = {
  ...{ context: '--context', kubeconfig: '--kubeconfig', keep: '--keep', enforceWithin: '--enforce-within' },
  order: '--order',
} as const;

const requireLive = (flags: CompareFlags): void => {
  if (flags.live) return;
  if (flags.record === false)
    throw new PodreachError('--no-record has no effect without --live', { hint: 'add --live' });
  for (const [name, flag] of Object.entries(ONLY_LIVE))
    if (flags[name as keyof typeof ONLY_LIVE] !== undefined)
      throw new PodreachError(`${flag} has no effect without --live`, { hint: 'add --live' });
};

/** The changes of a plan are made one by one, so there is no switch to time. */
const requirePlan = ({ plan, order, enforceWithin }: CompareFlags): void => {
  if (order && plan === undefined)
    throw new PodreachError('--order has no effect without --plan', { hint: 'add --plan FOLDER' });
  if (enforceWithin !== undefined && plan !== undefined)
    throw new PodreachError('--enforce-within has no effect with --plan', { hint: 'leave out one of them' });
};

/** A report that has nothing to say would look as if nothing had changed. */
const requireFormats = (reports: readonly Report[]): void => {
  const silent = reports.find(({ create }) => create({ colour: false }).onCompared === undefined);
  if (silent)
    throw new PodreachError(`the reporter ${silent.name} writes no comparisons`, {
      hint: 'its module has no `onCompared`: write one, or choose another reporter',
    });
};

/** Step by step; a step that only one side has is compared with the last state of the other. */
const comparedPairs = (before: Scenario, after: Scenario, wanted: WantedChanges | undefined): ComparedPair[] => {
  const longer = after.steps.length < before.steps.length ? before : after;
  return longer.steps.map((step, at): ComparedPair => {
    const was = stepAt(before, at);
    const is = stepAt(after, at);
    const rules = wanted?.rulesOf([was.topology, is.topology]);
    const name = longer.steps.length > 1 ? `${after.name}: ${step.name}` : after.name;
    const names = { name, before: before.file, after: after.file };
    return { comparison: { ...names, ...compareSteps(was, is, { wanted: rules }) }, states: [was, is] };
  });
};

const stepAt = ({ steps }: Scenario, at: number): ComparedStep => steps[at] ?? steps.at(-1) ?? steps[0];
