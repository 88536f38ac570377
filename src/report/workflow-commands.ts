/** What GitHub Actions runs when a line of a job's log says so. */
import { excerpt } from '../text.ts';

const TEXT_CODE_POINTS = 1_000;
const TOKEN = globalThis.crypto.randomUUID();

/** GitHub runs nothing that is printed in between. */
export const STOP_COMMANDS = `::stop-commands::${TOKEN}\n`;
export const RESUME_COMMANDS = `::${TOKEN}::\n`;

/** As @actions/core escapes what a command is about; control characters are gone before. */
export const commandData = (text: string): string =>
  excerpt(text, TEXT_CODE_POINTS).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** The same for a property of a command. */
export const commandProperty = (text: string): string =>
  commandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
