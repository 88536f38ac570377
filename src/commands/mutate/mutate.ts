import { setImmediate as nextTurn } from 'node:timers/promises';
import { PodreachError } from '../../errors.ts';
import { throwAll } from '../../failures.ts';
import { type Confirmation, claimsOf, type ScenarioScore, scoreOf } from '../../mutate/index.ts';
import { mutationExitCode, mutationJson, mutationText } from '../../report/mutation/index.ts';
import type { Ended } from '../../result-first.ts';
import { inRunningOrder } from '../../run/index.ts';
import type { Scenario } from '../../scenario/index.ts';
import type { ChoiceFlags } from '../flags/index.ts';
import type { LiveFlags } from '../live-cluster.ts';
import { chosenScenarios, listText } from '../selection/index.ts';
import type { Terminal } from '../terminal/index.ts';

/** The flags of `podreach mutate`; see its --help. */
export interface MutateFlags extends ChoiceFlags, Partial<LiveFlags> {
  readonly reporter: 'terminal' | 'json';
  /** How many mutants are tried on a cluster. */
  readonly live?: number;
}

/** `podreach mutate`: which mistakes in its policies each expectation would notice. Returns the exit code. */
export const mutate = async (paths: readonly string[], flags: MutateFlags, terminal: Terminal): Promise<number> => {
  requireLive(flags);
  const scenarios = await chosenScenarios(paths, flags, terminal);
  if (flags.list) {
    await terminal.print(listText(scenarios));
    return 0;
  }
  if (scenarios.length === 0) terminal.progress.note('no scenario is selected', 'important');
  const scored: (readonly [Scenario, ScenarioScore])[] = [];
  for (const scenario of scenarios) {
    if (terminal.signal.aborted) throw new PodreachError('interrupted');
    scored.push([scenario, scoreOf(scenario)]);
    await nextTurn();
  }
  const scores = scored.map(([, score]) => score);
  const live = flags.live === undefined ? undefined : await confirm(scored, flags.live, flags, terminal);
  const confirmations = live?.result;
  const { colour, width } = terminal;
  const shown = { colour, ...(width !== undefined && { width }) };
  const text = flags.reporter === 'json' ? mutationJson : mutationText;
  await terminal.print(text(scores, confirmations, shown));
  throwAll(live?.failures ?? []);
  return mutationExitCode(scores, confirmations);
};

/** Scenarios that have the same pods follow one another. */
const confirm = async (
  scored: readonly (readonly [Scenario, ScenarioScore])[],
  most: number,
  flags: MutateFlags,
  terminal: Terminal,
): Promise<Ended<readonly Confirmation[]>> => {
  const scoreBy = new Map(scored);
  const ordered = inRunningOrder([...scoreBy.keys()]).map((one) => [one, scoreBy.get(one) as ScenarioScore] as const);
  const claims = claimsOf(ordered, most);
  if (claims.length === 0) return { result: [], failures: [] };
  const { confirmLive } = await import('./live.ts');
  return confirmLive(claims, flags as LiveFlags, terminal);
};

const ONLY_LIVE = { context: '--context', kubeconfig: '--kubeconfig', keep: '--keep' } as const;

const requireLive = (flags: MutateFlags): void => {
  if (flags.live !== undefined) return;
  for (const [name, flag] of Object.entries(ONLY_LIVE))
    if (flags[name as keyof typeof ONLY_LIVE] !== undefined)
      throw new PodreachError(`${flag} has no effect without --live`, { hint: 'add --live N' });
};
