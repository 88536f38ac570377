import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, Option } from 'commander';
import { reporters } from '../report/index.ts';
import { age } from './age.ts';
import { atLeast, pattern, reporterList, shard } from './arguments.ts';
import { each, eachPort } from './probe-arguments.ts';
import type { Terminal } from './terminal.ts';

const packageFile = new URL('../../package.json', import.meta.url);
const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
const configFile = fileURLToPath(new URL('../../kind-config.yaml', import.meta.url));

const environmentOptions = () => [
  new Option('--images <source>', 'where the cluster comes from: pulled, or built on this machine')
    .choices(['auto', 'registry', 'build'])
    .default('auto'),
  new Option('--config <file>', "kind's configuration of the cluster").default(configFile, 'kind-config.yaml'),
];

// Not with --context: what families that cluster has is not podreach's to say.
const familyOption = () =>
  new Option('--ip-family <family>', "the addresses of podreach's cluster (default: what its configuration says)")
    .choices(['ipv4', 'ipv6', 'dual'])
    .conflicts('context');

const addEnvironment = (command: Command): Command => {
  for (const option of environmentOptions()) command.addOption(option);
  return command;
};

const examples = (...lines: string[]) => `\nExamples:\n${lines.map((line) => `  $ podreach ${line}`).join('\n')}\n`;

const pathsArgument = ['[paths...]', 'scenario folders, or folders of them (default: scenarios)'] as const;
const pathsOr = (paths: string[]) => (paths.length > 0 ? paths : ['scenarios']);

const grepOption = () =>
  new Option('--grep <pattern>', 'only scenarios whose name matches this regular expression').argParser(pattern);

const reportOptions = () => [
  new Option(
    '--reporter <names>',
    `reports, separated by commas: ${Object.keys(reporters).join(', ')}, ./mine.ts; each may name its file: json=run.json`,
  )
    .argParser(reporterList)
    .default(['terminal'], 'terminal'),
  new Option('--output <file>', 'where the report goes that is not for the terminal'),
];

const addModel = (program: Command, terminal: Terminal, end: (code: number) => void): void => {
  const command = program
    .command('model')
    .description('predict the matrix of scenarios by the specification, without a cluster')
    .argument(...pathsArgument)
    .addOption(grepOption())
    .addHelpText(
      'after',
      `${examples('model', 'model scenarios/deny-all', "model --grep '^allow' --reporter terminal,json --output model.json")}
Exit codes: 0 as expected, or nothing is expected, 1 not as expected, 2 an expectation hangs on an address that is not
known, or the input is wrong.
`,
    )
    .action(async (paths: string[], flags) => {
      const { model } = await import('./model.ts');
      end(await model(pathsOr(paths), flags, terminal));
    });
  for (const option of reportOptions()) command.addOption(option);
};

const addExplain = (program: Command, terminal: Terminal, end: (code: number) => void): void => {
  program
    .command('explain')
    .description('tell why the policies let a connection through or not, without a cluster')
    .argument('<scenario>', "a scenario's folder or its scenario.yaml")
    .argument('<from>', 'the source: namespace/pod, or host:name')
    .argument('<to>', 'the destination: namespace/pod, or host:name')
    .argument('<port>', "80, 53/UDP, or the name of one of the destination's ports")
    .addOption(
      new Option('--reporter <name>', 'the form of the answer').choices(['terminal', 'json']).default('terminal'),
    )
    .option('--step <name>', 'which step of the scenario, where it has several')
    .addOption(
      new Option('--family <family>', 'of the addresses, where both ends have both (default: IPv4)').choices([
        'IPv4',
        'IPv6',
      ]),
    )
    .addHelpText(
      'after',
      `${examples('explain scenarios/deny-all dev/client prod/web 80', 'explain my-scenario prod/web prod/db 5432 --reporter json')}
Exit codes: 0 whatever the answer is, 2 the question can't be asked.
`,
    )
    .action(async (path: string, from: string, to: string, port: string, flags) => {
      const { explain } = await import('./explain.ts');
      end(await explain({ path, from, to, port }, flags, terminal));
    });
};

const addRun = (program: Command, terminal: Terminal, end: (code: number) => void): void => {
  const command = program
    .command('run')
    .description('run scenarios on a live cluster and diff what was seen against what was expected')
    .argument(...pathsArgument)
    .addOption(grepOption())
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
    .option(
      '-u, --update-snapshots',
      'write what was seen into the grids of the scenarios; rules and `model` stay as they are',
    )
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
      end(await run(pathsOr(paths), flags, terminal));
    });
  for (const option of reportOptions()) command.addOption(option);
  addEnvironment(command).addOption(familyOption());
};

const addProbe = (program: Command, terminal: Terminal, end: (code: number) => void): void => {
  const command = program
    .command('probe')
    .description("build the live matrix of pods that are not podreach's own, in a cluster of yours")
    .option('--context <name>', 'the cluster, by its context in your kubeconfig; there is no default')
    .option('-n, --namespace <name>', 'probe the running pods of this namespace; may be repeated', each)
    .option('-l, --selector <labels>', 'only pods with these labels, for example app=web')
    .option('--port <port>', 'probe this port of every pod, not those that they declare; may be repeated', eachPort)
    .option('--timeout <ms>', 'how long one probe waits for an answer', atLeast(1200), 1500)
    .option('-y, --yes', 'go on without asking')
    .option('--kubeconfig <file>', 'where to look the context up, instead of your own kubeconfig')
    .option('--probe-image <image>', 'the image of the ephemeral containers, instead of the stock one')
    .addOption(
      new Option('--ephemeral', "by ephemeral containers alone, never by a command in a pod's own").conflicts('exec'),
    )
    .option('--exec', "by commands in the pods' own containers alone, which leaves nothing behind")
    .addHelpText(
      'after',
      `${examples('probe --context kind-dev -n prod -n dev', 'probe --context kind-dev -n prod --port 80 --port 53/UDP --yes')}
Tells what it will do and asks before it does anything.
Exit codes: 0 every cell was seen, 2 one was not, or you did not agree, or the input is wrong.
`,
    )
    .action(async (flags) => {
      const { probe } = await import('./probe.ts');
      end(await probe(flags, terminal));
    });
  for (const option of reportOptions()) command.addOption(option);
};

// Loaded when they are wanted: the cluster's client is most of what podreach has to load, and --help needs none of it.
const clusterCommands = () => import('./cluster.ts');

const addCluster = (program: Command, terminal: Terminal, end: (code: number) => void): void => {
  const command = program.command('cluster').description("podreach's own cluster: kind with Calico");
  addEnvironment(command.command('up'))
    .addOption(familyOption())
    .description('bring the cluster up and leave it up; does nothing where it is up already')
    .addHelpText('after', examples('cluster up', 'cluster up --ip-family dual'))
    .action(async (flags) => (await clusterCommands()).up(flags, terminal));
  command
    .command('down')
    .description('remove kept clusters, and what dead runs left')
    .addHelpText('after', examples('cluster down'))
    .action(async () => (await clusterCommands()).down(terminal));
  command
    .command('gc')
    .description('remove what dead runs left: clusters, containers, images, namespaces, routes on nodes, files')
    .option('--dry-run', 'list what would be removed, and why, and remove nothing')
    .option('--older-than <age>', 'only what is older: 90s, 30m, 12h, 2d; what has no age stays', age)
    .option('--context <name>', 'look for namespaces in this cluster of your own as well')
    .option('--kubeconfig <file>', 'with --context: where to look it up, instead of your own kubeconfig')
    .addHelpText(
      'after',
      `${examples('cluster gc --dry-run', 'cluster gc', 'cluster gc --older-than 12h --context staging')}
Removes only what this user made with this cache folder, and whose process has ended; a kept cluster stays (\`cluster down\`
removes it). Namespaces go by the sign of life of their run, whoever started it.
Exit codes: 0 all that was found is removed, 2 some of it could not be looked for, or not be removed.
`,
    )
    .action(async (flags) => {
      const { gc } = await import('./cluster-gc.ts');
      end(await gc(flags, terminal));
    });
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
    .version(version)
    .exitOverride()
    .showHelpAfterError('(--help tells more)')
    .configureOutput({ writeOut: (text) => void terminal.print(text), writeErr: terminal.complain })
    .addHelpText(
      'after',
      examples(
        'run',
        'run scenarios/deny-all',
        'model my-scenario',
        'explain my-scenario dev/client prod/web 80',
        'cluster up',
        'doctor',
      ),
    );
  const end = (it: number) => {
    code = it;
  };
  addRun(program, terminal, end);
  addProbe(program, terminal, end);
  addModel(program, terminal, end);
  addExplain(program, terminal, end);
  addCluster(program, terminal, end);
  program
    .command('doctor')
    .description('check what podreach needs of this machine')
    .action(async () => {
      const { doctor } = await import('./doctor.ts');
      const { text, ok } = await doctor();
      await terminal.print(text);
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
