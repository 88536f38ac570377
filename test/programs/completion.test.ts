import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { runCli } from '../../src/commands/program.ts';
import { fakeTerminal } from '../unit/commands/fake-terminal.ts';
import { withFiles } from '../unit/scenario/temporary-folder.ts';

const scriptFor = async (shell: string): Promise<string> => {
  const terminal = fakeTerminal();
  expect(await runCli(['completion', shell], terminal)).to.equal(0);
  return terminal.printed();
};

const files = { 'scenarios/deny-all/scenario.yaml': '', 'my reports/run.json': '' };

/**
 * What an interactive bash makes of keys: each line is typed, `\t` completes, and the arguments that podreach would
 * have got come back, a line each.
 */
const typed = (...lines: readonly string[]): Promise<readonly string[]> =>
  withFiles(files, async (folder) => {
    await writeFile(join(folder, 'completion.bash'), await scriptFor('bash'));
    const setup = `podreach() { printf '%s,' "$@" >>got; echo >>got; }; . ./completion.bash; PS1=; bind 'set bell-style none'`;
    const keys = [setup, ...lines.map((line) => `podreach ${line}`), 'exit'].map((line) => `${line}\n`).join('');
    await execa('script', ['-qec', 'bash --norc --noprofile -i', '/dev/null'], {
      cwd: folder,
      input: keys,
      env: { INPUTRC: '/dev/null' },
      timeout: 20_000,
    });
    const { stdout } = await execa('cat', ['got'], { cwd: folder });
    return stdout.split('\n');
  });

describe('podreach completion', () => {
  it('completes commands, flags, their values and files in bash', async () => {
    const expected: Readonly<Record<string, string>> = {
      'expl\t': 'explain,',
      'cluster d\t': 'cluster,down,',
      '--quiet doc\t': '--quiet,doctor,',
      'run --update\t': 'run,--update-snapshots,',
      'cluster up --ip-f\td\t': 'cluster,up,--ip-family,dual,',
      'run --no-co\t': 'run,--no-color,',
      'run --images=b\t': 'run,--images=build,',
      'completion z\t': 'completion,zsh,',
      'run sc\t': 'run,scenarios/,',
      'model scenarios/d\tsc\t': 'model,scenarios/deny-all/scenario.yaml,',
      'run --output my\t': 'run,--output,my reports/,',
      // Neither a file nor a command stands here.
      'run --grep sc\t': 'run,--grep,sc,',
      'doctor sc\t': 'doctor,sc,',
      'run expl\t': 'run,expl,',
    };
    expect(await typed(...Object.keys(expected))).to.deep.equal(Object.values(expected));
  });

  it('prints a script for zsh and for fish', async () => {
    expect(await scriptFor('zsh'))
      .to.match(/^#compdef podreach\n/)
      .and.contain('bashcompinit\n');
    const fish = await scriptFor('fish');
    expect(fish).to.contain(`complete -c podreach -n '__podreach_at " cluster"' -a gc -d `);
    expect(fish).to.contain(
      `complete -c podreach -n '__podreach_at " run"' -l ip-family -r -f -a 'ipv4 ipv6 dual' -d 'the IP families of podreach\\'s cluster`,
    );
    expect(fish).to.contain(`complete -c podreach -n '__podreach_at " run"' -F\n`);
  });

  it('knows no other shell', async () => {
    const terminal = fakeTerminal();
    expect(await runCli(['completion', 'tcsh'], terminal)).to.equal(2);
    expect(terminal.complained()).to.contain(
      "'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.",
    );
  });
});
