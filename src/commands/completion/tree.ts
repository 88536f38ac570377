import type { Argument, Command, Option } from 'commander';

/** What fits a place of the command line: one of a few words, a file, or text that no shell can guess. */
export type Completed = readonly string[] | 'files' | 'text';

export interface CompletedFlag {
  readonly short?: string;
  readonly long?: string;
  readonly description: string;
  /** Its value; undefined if it takes none. */
  readonly value?: Completed;
}

/** What can be completed after the name of a command. */
export interface CompletedCommand {
  /** The words that name it, each after a space, such as ` cluster up`; '' is podreach itself. */
  readonly path: string;
  readonly description: string;
  /** Its own flags, and those of the commands above it. */
  readonly flags: readonly CompletedFlag[];
  /** The last words of the paths of its commands. */
  readonly commands: readonly string[];
  readonly operands: Completed;
}

/** All commands of a program, with what a shell can complete after each. */
export const completionTree = (command: Command, above = '', inherited: readonly Option[] = []): CompletedCommand[] => {
  const help = command.createHelp();
  const path = command.parent ? `${above} ${command.name()}` : '';
  const flags = [...help.visibleOptions(command), ...inherited];
  const operands = command.registeredArguments.map(completedArgument);
  return [
    {
      path,
      description: command.description(),
      flags: flags.map(completedFlag),
      commands: command.commands.map((one) => one.name()),
      // Commander and the user know which argument comes next; offering what any of them takes is good enough.
      operands: operands.find((one) => one !== 'text') ?? 'text',
    },
    ...command.commands.flatMap((one) => completionTree(one, path, [...command.options, ...inherited])),
  ];
};

/** The values that are paths, by their name in --help. */
const FILES = ['file', 'paths', 'scenario'];

const completedArgument = (argument: Argument): Completed =>
  argument.argChoices ?? (FILES.includes(argument.name()) ? 'files' : 'text');

const completedFlag = ({ short, long, description, flags, argChoices, required, optional }: Option): CompletedFlag => {
  const name = /[<[]([^>\]]*)[>\]]/.exec(flags)?.[1] ?? '';
  return {
    ...(short && { short }),
    ...(long && { long }),
    description,
    ...((required || optional) && { value: argChoices ?? (FILES.includes(name) ? 'files' : 'text') }),
  };
};
