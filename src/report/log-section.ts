/** Parts of a job's log that its page folds. */
import { commandData, RESUME_COMMANDS, STOP_COMMANDS } from './workflow-commands.ts';

export type LogSections = 'github' | 'gitlab';

export interface LogSection {
  /** Different for each section of a log; letters, digits and `_`. */
  readonly id: string;
  /** The first line of its text, without colours. */
  readonly head: string;
  /** Folded at first, where that can be chosen: GitHub folds all. */
  readonly isFolded: boolean;
}

/**
 * The text as a section. On GitHub, commands must be stopped before: they are resumed for the marks
 * alone, because a text may have any name in it.
 */
export const inSection = (text: string, { id, head, isFolded }: LogSection, log: LogSections): string => {
  if (log === 'gitlab') {
    const seconds = Math.floor(Date.now() / 1000);
    const folded = isFolded ? '[collapsed=true]' : '';
    return `${mark(`section_start:${seconds}:${id}${folded}`)}${text}${mark(`section_end:${seconds}:${id}`)}\n`;
  }
  const begin = `${RESUME_COMMANDS}::group::${commandData(head)}\n${STOP_COMMANDS}`;
  return `${begin}${text.slice(text.indexOf('\n') + 1)}${RESUME_COMMANDS}::endgroup::\n${STOP_COMMANDS}`;
};

const mark = (text: string): string => `\x1b[0K${text}\r\x1b[0K`;
