import { Command, CommanderError } from 'commander';
import { addAdvise } from './advise-command.ts';
import { addCapture } from './capture-command.ts';
import { addCluster } from './cluster-command.ts';
import { addHelp, HELP_WIDTH } from './command.ts';
import { addCompare } from './compare-command.ts';
import { addCompletion } from './completion-command.ts';
import { addDiagnose } from './diagnose-command.ts';
import { addDoctor } from './doctor-command.ts';
import { addExplain } from './explain-command.ts';
import { addGlobalFlags } from './global-flags.ts';
import { addHistory } from './history-command.ts';
import { addInit } from './init-command.ts';
import { addMinimize } from './minimize-command.ts';
import { addModel } from './model-command.ts';
import { addMutate } from './mutate-command.ts';
import { addProbe } from './probe-command.ts';
import { addReport } from './report-command.ts';
import { addRun } from './run-command.ts';
import type { Terminal } from './terminal.ts';
import { packageVersion } from './version.ts';
import { addWatch } from './watch-command.ts';

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

const createProgram = (terminal: Terminal, end: (code: number) => void): Command => {
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
  for (const add of [
    addRun,
    addProbe,
    addDiagnose,
    addModel,
    addExplain,
    addCompare,
    addMutate,
    addAdvise,
    addMinimize,
    addWatch,
    addHistory,
    addReport,
    addCapture,
    addInit,
    addCluster,
    addDoctor,
    addCompletion,
  ])
    add(program, { terminal, end });
  return program;
};

/** Parses the arguments, does what they say and returns the exit code; wrong arguments are 2. */
export const runCli = async (argv: readonly string[], terminal: Terminal): Promise<number> => {
  let code = 0;
  const program = createProgram(terminal, (it) => {
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
