import { tellScenario } from '../../matrix/index.ts';
import { exitCodeOf } from '../../report/index.ts';
import { headOfProbe, type ProbePlan, runProbe } from '../../run/index.ts';
import type { Scenario } from '../../scenario/index.ts';
import type { OutputFlags } from '../flags/index.ts';
import { openHistory } from '../history/index.ts';
import { chooseReports, reporting } from '../output/index.ts';
import { updatingGrids } from '../run/index.ts';
import { type PodFlags, withAgreedPods } from '../running-pods/index.ts';
import type { Terminal } from '../terminal/index.ts';
import { expecting, readExpectationOf } from './expectation.ts';

/** The flags of `podreach probe`; see its --help. */
export interface ProbeFlags extends OutputFlags, Omit<PodFlags, 'watchMs'> {
  readonly expect?: string;
  readonly history?: string;
  readonly updateSnapshots?: boolean;
}

/**
 * `podreach probe`: the live matrix of existing pods; returns the exit code. Nothing is done in a pod before
 * the plan is printed and confirmed. Throws a PodreachError if it is not, or if the user lacks a permission.
 */
export const probe = async (flags: ProbeFlags, terminal: Terminal): Promise<number> => {
  const reports = await chooseReports(flags);
  const expectation = await readExpectationOf(flags);
  const keepHistory = flags.history === undefined ? null : await openHistory(flags.history, terminal.unfinished);
  let scenario: Scenario | undefined;
  const refine = (bare: ProbePlan): ProbePlan => {
    if (!expectation) return bare;
    const { plan, scenario: asked } = expecting(bare, expectation);
    scenario = asked;
    return plan;
  };
  return withAgreedPods(flags, terminal, refine, async (client, plan) => {
    const start = { scenarios: [headOfProbe(plan)] };
    const result = await reporting(reports, start, terminal, async (events) => {
      const probed = await runProbe(client, plan, terminal);
      const updating = flags.updateSnapshots && scenario ? updatingGrids([scenario], events, terminal.progress) : null;
      for (const one of probed.scenarios) tellScenario(one, updating?.events ?? events);
      return updating?.applied(probed) ?? probed;
    });
    await keepHistory?.(result.scenarios);
    return exitCodeOf(result);
  });
};
