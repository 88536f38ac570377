import { fileURLToPath } from 'node:url';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { reporters } from '../report/index.ts';
import type { ReporterName, Terminal } from './run.ts';

const atLeast = (least: number) => (text: string) => {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
};

const pattern = (text: string): RegExp => {
  try {
    return new RegExp(text, 'v');
  } catch (error) {
    throw new InvalidArgumentError(`It is not a regular expression: ${(error as Error).message}`);
  }
};

const shard = (text: string) => {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index && count && index <= count) return { index, count };
  throw new InvalidArgumentError('It must be i/n with i from 1 to n, for example 2/3.');
};

const reporterNames = (text: string): ReporterName[] => {
  const names = [...new Set(text.split(','))];
  const unknown = names.find((name) => !Object.hasOwn(reporters, name));
  if (unknown === undefined) return names as ReporterName[];
  throw new InvalidArgumentError(`"${unknown}" is no reporter; there are ${Object.keys(reporters).join(', ')}.`);
};

const configFile = fileURLToPath(new URL('../../kind-config.yaml', import.meta.url));

const environmentOptions = () => [
  new Option('--images <source>', 'where the cluster comes from: pulled, or built on this machine')
    .choices(['auto', 'registry', 'build'])
    .default('auto'),
  new Option('--config <file>', "kind's configuration of the cluster").default(configFile, 'kind-config.yaml'),
];

const addEnvironment = (command: Command): Command => {
  for (const option of environmentOptions()) command.addOption(option);
  return command;
};

const examples = (...lines: string[]) => `\nExamples:\n${lines.map((line) => `  $ podreach ${line}`).join('\n')}\n`;

const addRun = (program: Command, terminal: Terminal, end: (code: number) => void): void => {
  const command = program
    .command('run')
    .description('run scenarios on a live cluster and diff what was seen against what was expected')
    .argument('[paths...]', 'scenario folders, or folders of them (default: scenarios)')
    .option('--grep <pattern>', 'only scenarios whose name matches this regular expression', pattern)
    .option('--shard <i/n>', 'only the i-th of n equal parts', shard)
    .option('--workers <n>', 'groups of scenarios at work at the same time', atLeast(1), 3)
    .option(
      '--timeout <ms>',
      'how long one probe waits for an answer; a lost SYN is sent again after 1000',
      atLeast(1200),
      1500,
    )
    .option(
      '--retries <n>',
      'how often a probe that broke is tried again; never looks at the expectation',
      atLeast(0),
      1,
    )
    .option('--bail', 'stop at the first scenario that does not pass')
    .addOption(
      new Option('--reporter <names>', `reports, separated by commas: ${Object.keys(reporters).join(', ')}`)
        .argParser(reporterNames)
        .default(['terminal'], 'terminal'),
    )
    .option('--output <file>', 'where the report goes that is not for the terminal')
    .option('-u, --update-snapshots', 'write what was seen into the grids of the scenarios; rules stay as they are')
    .option('--keep', 'leave the cluster up for the next run')
    .option('--context <name>', 'run on a cluster of your own, by its context in your kubeconfig')
    .option('--kubeconfig <file>', 'with --context: where to look it up, instead of your own kubeconfig')
    .option('--probe-image <image>', 'with --context: the image of the probe pods, instead of the stock one')
    .addHelpText(
      'after',
      `${examples('run', 'run scenarios/deny-all --keep', "run --grep '^allow' --reporter terminal,json --output run.json", 'run my-scenarios --context kind-dev')}
Exit codes: 0 as expected, 1 not as expected, 2 something broke or the input is wrong.
`,
    )
    .action(async (paths: string[], flags) => {
      const { run } = await import('./run.ts');
      end(await run(paths.length > 0 ? paths : ['scenarios'], flags, terminal));
    });
  addEnvironment(command);
};

// Loaded when they are wanted: the cluster's client is most of what podreach has to load, and --help needs none of it.
const clusterCommands = () => import('./cluster.ts');

const addCluster = (program: Command, terminal: Terminal): void => {
  const command = program.command('cluster').description("podreach's own cluster: kind with Calico");
  addEnvironment(command.command('up'))
    .description('bring the cluster up and leave it up; does nothing where it is up already')
    .addHelpText('after', examples('cluster up', 'cluster up --images build'))
    .action(async (flags) => (await clusterCommands()).up(flags, terminal));
  command
    .command('down')
    .description('remove kept clusters, and what dead runs left')
    .addHelpText('after', examples('cluster down'))
    .action(async () => (await clusterCommands()).down(terminal));
  addEnvironment(command.command('images'))
    .description('pull or build what the cluster is made from')
    .addHelpText('after', examples('cluster images', 'cluster images --images build'))
    .action(async (flags) => (await clusterCommands()).images(flags, terminal));
};

/** Parses the arguments, does what they say and returns the exit code; wrong arguments are code 2. */
export const runCli = async (argv: readonly string[], terminal: Terminal): Promise<number> => {
  let code = 0;
  const program = new Command('podreach')
    .description('Proves what Kubernetes NetworkPolicies really do.')
    .exitOverride()
    .showHelpAfterError('(--help tells more)')
    .configureOutput({ writeOut: terminal.print })
    .addHelpText('after', examples('run', 'run scenarios/deny-all', 'cluster up', 'doctor'));
  addRun(program, terminal, (it) => {
    code = it;
  });
  addCluster(program, terminal);
  program
    .command('doctor')
    .description('check what podreach needs of this machine')
    .action(async () => {
      const { doctor } = await import('./doctor.ts');
      const { text, ok } = await doctor();
      terminal.print(text);
      code = ok ? 0 : 2;
    });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return code;
};
