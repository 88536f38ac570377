import { Command } from 'commander';
import { type FlagsOf, toggle } from './flag.ts';

/** Flags of every command, before or after its name. */
export interface GlobalFlags {
  /** No progress. */
  readonly quiet?: boolean;
  /** Show errors with their stack and causes. */
  readonly debug?: boolean;
  /** False with --no-color. */
  readonly color?: boolean;
}

const globalFlags = (): FlagsOf<GlobalFlags> => ({
  quiet: toggle('--quiet', 'no progress, only the report, warnings and errors'),
  debug: toggle('--debug', 'show where an error came from, and what caused it'),
  color: toggle('--no-color', 'no colours, like the environment variable NO_COLOR'),
});

export const addGlobalFlags = (command: Command): Command => {
  for (const { option } of Object.values(globalFlags())) command.addOption(option);
  return command;
};

/** The global flags of a command line, read before any command runs, as commander reads them. */
export const readGlobalFlags = (argv: readonly string[]): GlobalFlags => {
  const command = addGlobalFlags(new Command());
  command.parseOptions([...argv]);
  return command.opts();
};
