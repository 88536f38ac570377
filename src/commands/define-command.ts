import { Argument, type Command } from 'commander';
import { wrapped } from '../wrap.ts';
import { applySettings, type Flag, type FlagsOf, type SettingName } from './flags/index.ts';
import type { Terminal } from './terminal/index.ts';

/** A command: what it takes, what --help says about it, and what it does. */
export interface CommandSpec<Flags, Arguments extends readonly unknown[]> {
  readonly name: string;
  readonly description: string;
  /** In the order of `Arguments`: a name (`<from>`, `[paths...]`), a description and, if there are few, all values. */
  readonly arguments?: readonly (readonly [name: string, description: string, choices?: readonly string[]])[];
  readonly flags?: FlagsOf<Flags>;
  /** The keys of podreach.yaml that are flags of this command. */
  readonly settings?: readonly SettingName[];
  readonly help?: Help;
  /** Returns the exit code. It loads what it needs itself, because --help needs none of it. */
  readonly run: (terminal: Terminal, flags: Flags, ...args: Arguments) => Promise<number>;
}

/** The end of --help. */
export interface Help {
  /** Command lines without `podreach`. */
  readonly examples?: readonly string[];
  /** Paragraphs, each on one line; they are wrapped. */
  readonly notes?: readonly string[];
}

/** Where the commands run and where their exit code goes. */
export interface Context {
  readonly terminal: Terminal;
  readonly end: (code: number) => void;
}

export type AddCommand = (parent: Command, context: Context) => void;

/** Makes a function that adds a command to the program or to another command. */
export const defineCommand =
  <Flags extends object, Arguments extends readonly unknown[]>(spec: CommandSpec<Flags, Arguments>): AddCommand =>
  (parent, { terminal, end }) => {
    const command = parent.command(spec.name).description(spec.description);
    for (const [name, description, choices] of spec.arguments ?? []) {
      const argument = new Argument(name, description);
      command.addArgument(choices ? argument.choices(choices) : argument);
    }
    for (const [name, { option }] of Object.entries<Flag<unknown>>(spec.flags ?? {})) {
      if (option.attributeName() !== name) throw new TypeError(`the flag ${name} is called ${option.attributeName()}`);
      command.addOption(option);
    }
    addHelp(command, terminal, spec.help);
    command.action(async (...given: readonly unknown[]) => {
      // Commander adds the flags and the command itself.
      const args = given.slice(0, -2) as unknown as Arguments;
      await applySettings(command, spec.settings ?? []);
      end(await spec.run(terminal, command.opts() as Flags, ...args));
    });
  };

/** The width of --help without a terminal. */
export const HELP_WIDTH = 80;

/** Adds examples and paragraphs to --help. */
export const addHelp = (
  command: Command,
  { width = HELP_WIDTH }: Pick<Terminal, 'width'>,
  { examples = [], notes = [] }: Help = {},
): void => {
  const lines = [
    ...(examples.length > 0 ? ['', 'Examples:', ...examples.map((line) => exampleText(line, width))] : []),
    ...(notes.length > 0 ? ['', ...notes.flatMap((note) => wrapped(note, width))] : []),
  ];
  if (lines.length > 0) command.addHelpText('after', lines.join('\n'));
};

/** A wrapped example can still be pasted into a shell. */
const exampleText = (line: string, width: number): string =>
  wrapped(`  $ podreach ${line}`, width - CONTINUED.length).join(`${CONTINUED}\n`);

const CONTINUED = ' \\';
