import { join } from 'node:path';
import { expect } from 'chai';
import { Command, Option } from 'commander';
import { applySettings, type SettingName } from '../../../../src/commands/flags/settings.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { failureOf } from '../../failure-of.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';

const NAMES: readonly SettingName[] = ['images', 'mirror', 'reporters', 'workers'];

describe('applySettings', () => {
  const before = process.cwd();
  afterEach(() => process.chdir(before));

  /** The flags of a command line in a folder with these settings. */
  const flagsOf = async (settings: string, argv: readonly string[], names = NAMES) => {
    let flags: Record<string, unknown> = {};
    await inFolder({ 'podreach.yaml': settings, '.git': '' }, async (folder) => {
      process.chdir(folder);
      const command = new Command('run')
        .addOption(new Option('--images <source>').default('auto'))
        .addOption(new Option('--mirror <host>'))
        .addOption(new Option('--reporter <names>').default(['terminal']))
        .addOption(new Option('--workers <n>').argParser(Number).default(3));
      command.parse([...argv], { from: 'user' });
      await applySettings(command, names);
      flags = JSON.parse(JSON.stringify(command.opts()).replaceAll(folder, 'HERE'));
      process.chdir(before);
    });
    return flags;
  };

  it('sets what the command line does not', async () => {
    expect(
      await flagsOf('workers: 1\nreporters: [json=run.json]\nmirror: r.example\n', ['--workers', '5']),
    ).to.deep.equal({
      images: 'auto',
      mirror: 'r.example',
      reporter: [`json=${join('HERE', 'run.json')}`],
      workers: 5,
    });
  });

  it('sets nothing that is not a flag of this command', async () => {
    expect(await flagsOf('workers: 1\nreporters: [json=run.json]\n', [], ['workers'])).to.deep.equal({
      images: 'auto',
      reporter: ['terminal'],
      workers: 1,
    });
  });

  it('lets --images build win over what only a pull can have', async () => {
    expect((await flagsOf('mirror: r.example\n', ['--images', 'build'])).mirror).to.equal(undefined);
    expect((await flagsOf('mirror: r.example\n', ['--images', 'registry'])).mirror).to.equal('r.example');
  });

  it('says which reporter there is not', async () => {
    const failure = await failureOf(flagsOf('reporters: [jsn]\n', []));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.match(/^podreach\.yaml: reporters: .*"jsn"/);
  });
});
