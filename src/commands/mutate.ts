import { setImmediate as nextTurn } from 'node:timers/promises';
import { PodreachError } from '../errors.ts';
import { type ScenarioScore, scoreOf } from '../mutate/index.ts';
import { mutationJson, mutationText } from '../report/index.ts';
import { type ChoiceFlags, chosenScenarios } from './chosen-scenarios.ts';
import { listText } from './scenario-list.ts';
import type { Terminal } from './terminal.ts';

/** The flags of `podreach mutate`; see its --help. */
export interface MutateFlags extends ChoiceFlags {
  readonly reporter: 'terminal' | 'json';
}

/** `podreach mutate`: which mistakes in its policies each expectation would notice. Returns the exit code. */
export const mutate = async (paths: readonly string[], flags: MutateFlags, terminal: Terminal): Promise<number> => {
  const scenarios = await chosenScenarios(paths, flags, terminal);
  if (flags.list) {
    await terminal.print(listText(scenarios));
    return 0;
  }
  if (scenarios.length === 0) terminal.progress.note('no scenario is selected', 'important');
  const scores: ScenarioScore[] = [];
  for (const scenario of scenarios) {
    if (terminal.signal.aborted) throw new PodreachError('interrupted');
    scores.push(scoreOf(scenario));
    await nextTurn();
  }
  const { colour, width } = terminal;
  const shown = { colour, ...(width !== undefined && { width }) };
  await terminal.print(flags.reporter === 'json' ? mutationJson(scores) : mutationText(scores, shown));
  return scores.some(({ steps }) => steps.some(({ missed }) => missed.length > 0)) ? 1 : 0;
};
