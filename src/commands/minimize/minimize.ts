import { throwAll } from '../../failures.ts';
import { minimizedJson, minimizedText } from '../../report/minimize/index.ts';
import type { Ended } from '../../result-first.ts';
import type { LiveFlags } from '../live-cluster.ts';
import type { Terminal } from '../terminal/index.ts';
import { minimizeByModel } from './by-model.ts';
import { write, writeResult } from './result.ts';
import type { Live } from './run-live.ts';
import { type MinimizeFlags, taskOf } from './task.ts';

/** `podreach minimize`: the smallest scenario that shows the same mismatch of a cell. Returns the exit code. */
export const minimizeScenario = async (path: string, flags: MinimizeFlags, terminal: Terminal): Promise<number> => {
  const { live, bundle, reporter } = flags;
  const task = await taskOf(path, flags, terminal);
  const { result, failures }: Ended<Live> = live
    ? await (await import('./run-live.ts')).minimizeLive(task, flags as MinimizeFlags & LiveFlags, terminal)
    : { result: await minimizeByModel(task, terminal, flags), failures: [] };
  const { finding, facts } = result;
  const written = [...(await writeResult(finding, task.output))];
  if (bundle !== undefined) {
    const { bundleOf } = await import('./bundle.ts');
    await write(bundle, await bundleOf(finding, task.scenario, bundle, facts));
    written.push(bundle);
  }
  const { colour, width } = terminal;
  const shown = { colour, ...(width !== undefined && { width }) };
  await terminal.print(reporter === 'json' ? minimizedJson(finding, written) : minimizedText(finding, written, shown));
  throwAll(failures);
  const { isMinimal, unsure, confirmed } = finding;
  return isMinimal && unsure === 0 && confirmed?.shown === confirmed?.times ? 0 : 1;
};
