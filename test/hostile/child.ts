/** Runs `podreach model` on every hostile input and prints a line of JSON for each, so that a crash costs no more than itself. */
import { model } from '../../src/commands/model/model.ts';
import { PodreachError } from '../../src/errors.ts';
import { fakeTerminal } from '../unit/commands/fake-terminal.ts';
import { withFiles } from '../unit/scenario/temporary-folder.ts';
import { hostileInputs } from './inputs.ts';

/** What came of one input. */
export interface Outcome {
  readonly what: string;
  /** The first line of the refusal; null where there was none. */
  readonly refused: string | null;
  /** A bug: what was thrown that is not a PodreachError. */
  readonly thrown: string | null;
  /** Characters of problems, hints and warnings. */
  readonly size: number;
  /** Of the processor, which a busy machine does not change much. */
  readonly seconds: number;
  /** The most that the process ever had, in MiB. */
  readonly memory: number;
}

for (const [what, input] of Object.entries(hostileInputs)) {
  const { files } = input();
  const outcome = await withFiles(files, async (folder): Promise<Outcome> => {
    const terminal = fakeTerminal();
    const before = process.cpuUsage();
    let refused: string | null = null;
    let thrown: string | null = null;
    try {
      await model([folder], { reporter: ['json'] }, terminal);
    } catch (error) {
      if (error instanceof PodreachError) refused = `${error.message}\n${error.hint ?? ''}`;
      else thrown = `${error}`;
    }
    const { user, system } = process.cpuUsage(before);
    const notes = terminal.notes.join('\n').length;
    return {
      what,
      refused: refused?.split('\n').slice(0, 1).join() ?? null,
      thrown,
      size: (refused?.length ?? 0) + notes,
      seconds: (user + system) / 1e6,
      memory: process.resourceUsage().maxRSS / 1024,
    };
  });
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}
