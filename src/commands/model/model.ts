import { setImmediate as nextTurn } from 'node:timers/promises';
import { headOf, predictScenario, type ScenarioResult, tellScenario } from '../../matrix/index.ts';
import { exitCodeOf } from '../../report/index.ts';
import { elapsed } from '../../stopwatch.ts';
import type { ChoiceFlags, OutputFlags } from '../flags/index.ts';
import { chooseReports, reporting, withoutEmptyTerminal } from '../output/index.ts';
import { tellWarnings } from '../scenarios/index.ts';
import { chosenScenarios, listText } from '../selection/index.ts';
import type { Terminal } from '../terminal/index.ts';

/** The flags of `podreach model`; see its --help. */
export type ModelFlags = OutputFlags & ChoiceFlags & { readonly watch?: boolean };

/** `podreach model`: predicts and judges the scenarios without a cluster, and returns the exit code. */
export const model = async (
  paths: readonly string[],
  flags: ModelFlags,
  terminal: Terminal,
  onRead?: (file: string) => void,
): Promise<number> => {
  const startMs = performance.now();
  const reports = await chooseReports(flags);
  const scenarios = await chosenScenarios(paths, flags, terminal, onRead);
  if (flags.list) {
    await terminal.print(listText(scenarios));
    return 0;
  }
  const isEmpty = scenarios.length === 0;
  if (isEmpty) terminal.progress.note('no scenario is selected', 'important');
  tellWarnings(scenarios, terminal.progress);
  const start = { scenarios: scenarios.map(headOf), predicted: true } as const;
  const result = await reporting(withoutEmptyTerminal(reports, isEmpty), start, terminal, async (events) => {
    const results: ScenarioResult[] = [];
    for (const scenario of scenarios) {
      const predicted = predictScenario(scenario);
      results.push(predicted);
      tellScenario(predicted, events);
      // Lets the reporters print it now.
      await nextTurn();
    }
    return { scenarios: results, timings: { totalMs: elapsed(startMs) }, predicted: true };
  });
  return isEmpty ? 0 : exitCodeOf(result);
};
