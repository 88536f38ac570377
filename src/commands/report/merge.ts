import { failuresIn, throwAll } from '../../failures.ts';
import { mergeRuns, type RunPart, type RunResult, tellScenario } from '../../matrix/index.ts';
import { exitCodeOf } from '../../report/index.ts';
import type { OutputFlags } from '../flags/index.ts';
import { chooseReports, reporting } from '../output/index.ts';
import { CHARACTERS_AT_MOST, readRunFile } from '../run-file.ts';
import type { Terminal } from '../terminal/index.ts';

/** `podreach report merge`: writes reports of a run from those of its shards. Returns the exit code of that run. */
export const mergeReports = async (
  files: readonly string[],
  flags: OutputFlags,
  terminal: Terminal,
): Promise<number> => {
  const reports = await chooseReports(flags);
  const merged = mergeRuns(await readParts(files));
  await reportAgain(merged, reports, terminal);
  throwAll(failuresIn(merged));
  return exitCodeOf(merged);
};

/** All files together have the limit of one, because their results are held at the same time. */
const readParts = async (files: readonly string[]): Promise<readonly RunPart[]> => {
  const parts: RunPart[] = [];
  let left = CHARACTERS_AT_MOST;
  for (const file of new Set(files)) {
    const { result, characters } = await readRunFile(file, left);
    left -= characters;
    parts.push({ file, result });
  }
  return parts;
};

/** Reports the events of a run that is over. */
const reportAgain = async (result: RunResult, reports: Parameters<typeof reporting>[0], terminal: Terminal) => {
  const heads = result.scenarios.map(({ status: _status, timings: _timings, steps: _steps, ...head }) => head);
  const start = { scenarios: heads, ...(result.predicted && { predicted: result.predicted }) };
  return reporting(reports, start, terminal, async (events) => {
    for (const scenario of result.scenarios) tellScenario(scenario, events);
    return result;
  });
};
