import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { runCli } from '../../../src/commands/program.ts';
import { PodreachError } from '../../../src/errors.ts';
import { failureOf } from '../failure-of.ts';
import { fakeTerminal } from './fake-terminal.ts';

describe('runCli', () => {
  /** The exit code, and what was said on standard output and on standard error. */
  const answerTo = async (...argv: readonly string[]) => {
    const terminal = fakeTerminal();
    const code = await runCli(argv, terminal);
    return { code, out: terminal.printed(), err: terminal.complained() };
  };

  it('prints help to standard output', async () => {
    const { code, out, err } = await answerTo('--help');
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.match(/^Usage: podreach /);
    for (const command of ['run', 'model', 'explain', 'probe', 'cluster', 'doctor'])
      expect(out).to.match(new RegExp(`^  ${command}\\b`, 'm'));
  });

  it('prints the help of a command, with its flags and the exit codes', async () => {
    const { code, out, err } = await answerTo('run', '--help');
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    for (const flag of [
      '--grep',
      '--shard',
      '--workers',
      '--timeout',
      '--retries',
      '--record',
      '--settle-timeout',
      '--bail',
      '--reporter',
      '--output',
      '--update-snapshots',
      '--keep',
      '--context',
      '--images',
      '--ip-family',
    ])
      expect(out).to.contain(` ${flag}`);
    expect(out).to.contain('Exit codes: 0 as expected, 1 not as expected, 2 something broke');
    const { out: model } = await answerTo('model', '--help');
    for (const flag of ['--grep', '--reporter', '--output', '--full']) expect(model).to.contain(` ${flag}`);
    for (const flag of ['--images', '--keep', '--workers']) expect(model).not.to.contain(flag);
    expect(model).to.contain('Exit codes: 0 as expected');
    const { out: up } = await answerTo('cluster', 'up', '--help');
    for (const flag of ['--images <source>', '--ip-family <family>']) expect(up).to.contain(flag);
    const { out: gc } = await answerTo('cluster', 'gc', '--help');
    for (const flag of ['--dry-run', '--older-than <age>', '--context <name>']) expect(gc).to.contain(flag);
    for (const command of ['down', 'images'])
      expect((await answerTo('cluster', command, '--help')).out).not.to.contain('--ip-family');
  });

  const commands = [
    [],
    ['run'],
    ['probe'],
    ['model'],
    ['explain'],
    ['doctor'],
    ...['', 'up', 'down', 'gc', 'images'].map((name) => ['cluster', ...(name ? [name] : [])]),
  ];

  it('shows the flags of every command in the help of each', async () => {
    for (const command of commands) {
      const { code, out } = await answerTo(...command, '--help');
      expect(code, command.join(' ')).to.equal(0);
      for (const flag of ['--version', '--quiet', '--debug', '--no-color'])
        expect(out, command.join(' ')).to.match(new RegExp(`^  (-V, )?${flag}\\b`, 'm'));
    }
  });

  it('wraps help between words to the width of the terminal, and to 80 columns without one', async () => {
    const word = (text: string) => text.replaceAll(/ \\\n\s*|\s+/g, ' ');
    for (const command of commands)
      for (const width of [60, 80, 200]) {
        const terminal = { ...fakeTerminal(), ...(width !== 80 && { width }) };
        await runCli([...command, '--help'], terminal);
        const text = terminal.printed();
        // Usage lines are commander's, and it does not wrap them.
        const lines = text.split('\n').slice(1);
        const longest = Math.max(...lines.map((line) => line.length));
        expect(longest, `${command.join(' ')} in ${width}:\n${text}`).to.be.at.most(width);
        const wide = fakeTerminal();
        await runCli([...command, '--help'], { ...wide, width: 1000 });
        expect(word(text)).to.equal(word(wide.printed()));
      }
  });

  it('takes the flags of every command before and after it', async () => {
    for (const argv of [
      ['--quiet', '--debug', '--no-color', 'model', 'scenarios/deny-all'],
      ['model', '--quiet', 'scenarios/deny-all', '--debug', '--no-color'],
    ])
      expect(await answerTo(...argv)).to.deep.include({ code: 0, err: '' });
  });

  it('prints the version, whatever the command', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const argv of [['--version'], ['-V'], ['run', '--version'], ['cluster', 'up', '--version']])
      expect(await answerTo(...argv)).to.deep.equal({ code: 0, out: `${version}\n`, err: '' });
  });

  // Were a wrong argument let through, there must be nothing that could be run: no test here may reach a cluster.
  const run = ['run', '/nowhere/scenarios'];
  const wrong: Readonly<Record<string, readonly [argv: readonly string[], says: string]>> = {
    'no command': [[], 'Usage: podreach'],
    'an unknown command': [['rnu'], "unknown command 'rnu'"],
    'an unknown command of a command': [['cluster', 'sideways'], "unknown command 'sideways'"],
    'an unknown flag': [[...run, '--frobnicate'], "unknown option '--frobnicate'"],
    'a flag without its value': [[...run, '--grep'], "'--grep <pattern>' argument missing"],
    'no workers': [[...run, '--workers', '0'], 'It must be a whole number of at least 1.'],
    'workers that are no number': [[...run, '--workers', 'many'], 'It must be a whole number of at least 1.'],
    'half a worker': [[...run, '--workers', '1.5'], 'It must be a whole number of at least 1.'],
    'a number in another notation': [[...run, '--workers', '0x2'], 'It must be a whole number of at least 1.'],
    'an empty number': [[...run, '--workers', ''], 'It must be a whole number of at least 1.'],
    'a number beyond counting': [[...run, '--workers', '9007199254740993'], 'It must be a whole number'],
    'a negative number': [[...run, '--retries', '-1'], 'It must be a whole number of at least 0.'],
    'a timeout that is too short': [[...run, '--timeout', '1199'], 'It must be a whole number from 1200 to 600000.'],
    'a timeout with a unit': [[...run, '--timeout', '2s'], 'It must be a whole number from 1200 to 600000.'],
    'a timeout that is too long': [[...run, '--timeout', '600001'], 'It must be a whole number from 1200 to 600000.'],
    'a context without a name': [
      [...run, '--context', ''],
      "'--context <name>' argument '' is invalid. It must not be",
    ],
    'a namespace without a name': [['probe', '-n', ''], "'-n, --namespace <name>' argument '' is invalid"],
    'a shard beyond the last': [[...run, '--shard', '4/3'], 'It must be i/n with i from 1 to n'],
    'a shard zero': [[...run, '--shard', '0/3'], 'It must be i/n with i from 1 to n'],
    'a shard that is no fraction': [[...run, '--shard', '2'], 'It must be i/n with i from 1 to n'],
    'a shard of none': [[...run, '--shard', '1/0'], 'It must be i/n with i from 1 to n'],
    'a broken pattern': [[...run, '--grep', '['], 'It is not a valid regular expression'],
    'an unknown reporter': [
      [...run, '--reporter', 'terminal,xml'],
      '"xml" is not a reporter. Choose from terminal, list, json, ndjson, junit, github, markdown, html, csv, tap',
    ],
    'a reporter without its file': [[...run, '--reporter', 'json='], 'The file name after "json=" is missing'],
    'a reporter that every object has': [[...run, '--reporter', 'constructor'], '"constructor" is not a reporter'],
    'an unknown source of images': [[...run, '--images', 'stolen'], 'auto, registry, build'],
    'an unknown family of addresses': [[...run, '--ip-family', 'ipv5'], 'Allowed choices are ipv4, ipv6, dual'],
    'a family of addresses for a cluster that is there': [
      [...run, '--context', 'mine', '--ip-family', 'dual'],
      "option '--ip-family <family>' cannot be used with option '--context <name>'",
    ],
    'a question without a port': [
      ['explain', 'scenarios/deny-all', 'prod/web', 'prod/api'],
      "missing required argument 'port'",
    ],
    'an answer in a form that there is not': [
      ['explain', '/nowhere', 'a/b', 'c/d', '80', '--reporter', 'xml'],
      'Allowed choices are terminal, json',
    ],
    'an age without a unit': [['cluster', 'gc', '--older-than', '12'], '90s, 30m, 12h or 2d'],
    'a flag of the cluster where there is none': [['model', '/nowhere', '--keep'], "unknown option '--keep'"],
    'an argument too many': [['doctor', 'now'], 'too many arguments'],
  };
  for (const [what, [argv, says]] of Object.entries(wrong))
    it(`ends with 2 on ${what}, and says so on standard error only`, async () => {
      const { code, out, err } = await answerTo(...argv);
      expect({ code, out }).to.deep.equal({ code: 2, out: '' });
      expect(err).to.contain(says);
    });

  it('hands what a command throws to its caller', async () => {
    const terminal = fakeTerminal();
    const failure = await failureOf(runCli([...run, '--reporter', 'json'], terminal));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.contain('/nowhere/scenarios');
    expect(terminal.printed()).to.equal('');
  });

  it('predicts what the paths hold', async () => {
    const { code, out } = await answerTo('model', 'scenarios/deny-all', '--reporter', 'json');
    expect(code).to.equal(0);
    expect(JSON.parse(out).scenarios).to.have.length(1);
  });

  it('explains a connection, in either form', async () => {
    const question = ['explain', 'scenarios/deny-all', 'dev/client', 'prod/web', '80'];
    const { code, out } = await answerTo(...question);
    expect(code).to.equal(0);
    expect(out).to.contain('dev/client -> prod/web 80/TCP: deny');
    expect(JSON.parse((await answerTo(...question, '--reporter', 'json')).out).schema).to.equal('podreach/explain/v1');
  });

  it('reads lists of reporters, each once', async () => {
    const twice = runCli([...run, '--reporter', 'json,json'], fakeTerminal());
    expect((await failureOf(twice)).message).to.contain('/nowhere/scenarios');
    const own = runCli([...run, '--reporter', 'terminal,./no/mine.ts'], fakeTerminal());
    expect((await failureOf(own)).message).to.equal('there is no reporter at ./no/mine.ts');
    const both = runCli([...run, '--reporter', 'terminal,json'], fakeTerminal());
    expect((await failureOf(both)).message).to.contain("can't both go to standard output");
  });
});
