import { Command, CommanderError } from 'commander';
import { type AddCommand, addHelp, HELP_WIDTH } from './define-command.ts';
import { addGlobalFlags } from './flags/index.ts';
import type { Terminal } from './terminal/index.ts';
import { packageVersion } from './version.ts';

/** In the order of --help. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  run: async () => (await import('./run/command.ts')).addRun,
  probe: async () => (await import('./probe/command.ts')).addProbe,
  diagnose: async () => (await import('./diagnose/command.ts')).addDiagnose,
  model: async () => (await import('./model/command.ts')).addModel,
  explain: async () => (await import('./explain/command.ts')).addExplain,
  compare: async () => (await import('./compare/command.ts')).addCompare,
  mutate: async () => (await import('./mutate/command.ts')).addMutate,
  advise: async () => (await import('./advise/command.ts')).addAdvise,
  minimize: async () => (await import('./minimize/command.ts')).addMinimize,
  watch: async () => (await import('./watch/command.ts')).addWatch,
  history: async () => (await import('./history/command.ts')).addHistory,
  report: async () => (await import('./report/command.ts')).addReport,
  capture: async () => (await import('./capture/command.ts')).addCapture,
  init: async () => (await import('./init/command.ts')).addInit,
  cluster: async () => (await import('./cluster/command.ts')).addCluster,
  doctor: async () => (await import('./doctor/command.ts')).addDoctor,
  completion: async () => (await import('./completion/command.ts')).addCompletion,
};

/** The commands that these arguments may be about: loading the flags of all takes as long as some of them work. */
const neededFor = ([first = '']: readonly string[]): readonly string[] =>
  Object.hasOwn(COMMANDS, first) && first !== 'completion' ? [first] : Object.keys(COMMANDS);

const examples = [
  'run',
  'run scenarios/deny-all',
  'model my-scenario',
  'explain my-scenario dev/client prod/web 80',
  'compare main...HEAD -- k8s/',
  'mutate my-scenario',
  'advise my-scenario',
  'cluster up',
  'doctor',
];

const createProgram = async (
  argv: readonly string[],
  terminal: Terminal,
  end: (code: number) => void,
): Promise<Command> => {
  const { width = HELP_WIDTH } = terminal;
  const program = addGlobalFlags(new Command('podreach').version(packageVersion()))
    .description('Proves what Kubernetes NetworkPolicies really do.')
    .exitOverride()
    .showHelpAfterError('(--help shows what is allowed)')
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 20, subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => void terminal.print(text),
      writeErr: terminal.complain,
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
    });
  addHelp(program, terminal, { examples });
  const adding = neededFor(argv).map((name) => COMMANDS[name]?.());
  for (const add of await Promise.all(adding)) add?.(program, { terminal, end });
  return program;
};

/** Parses the arguments, does what they say and returns the exit code; wrong arguments are 2. */
export const runCli = async (argv: readonly string[], terminal: Terminal): Promise<number> => {
  let code = 0;
  const program = await createProgram(argv, terminal, (it) => {
    code = it;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return code;
};
