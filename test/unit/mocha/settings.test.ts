import { expect } from 'chai';
import { withSettings } from '../../../src/mocha/settings.ts';
import { failureOf } from '../failure-of.ts';
import { inFolder } from '../scripts/temporary-folder.ts';

const YAML = `
images: registry
mirror: registry.example.org
config: kind.yaml
timeout: 2000
settleTimeout: 60000
record: true
retries: 2
workers: 3
reporters: [list]
scenarios: [elsewhere]
`;

describe('the options of a suite', () => {
  it('are what podreach.yaml says, unless the suite says something else', () =>
    inFolder({ 'podreach.yaml': YAML }, async (folder) => {
      const cluster = { mirror: 'registry.example.org', configFile: `${folder}/kind.yaml` };
      const rest = { settleTimeoutMs: 60_000, record: true, retries: 2 };
      expect(await withSettings({}, folder)).to.deep.equal({
        ...{ ...cluster, ...rest, images: 'registry', timeoutMs: 2_000 },
      });
      expect(
        await withSettings({ timeoutMs: 1_300, record: false, keep: true, retries: undefined as never }, folder),
      ).to.deep.equal({
        ...{ ...cluster, ...rest, images: 'registry' },
        ...{ timeoutMs: 1_300, record: false, keep: true },
      });
    }));

  it('have nothing to pull if the suite builds its images', () =>
    inFolder({ 'podreach.yaml': 'mirror: registry.example.org\n' }, async (folder) => {
      expect(await withSettings({ images: 'build' }, folder)).to.deep.equal({ images: 'build' });
    }));

  it('are refused with a wrong podreach.yaml', () =>
    inFolder({ 'podreach.yaml': 'timeot: 5\n' }, async (folder) => {
      const { message } = await failureOf(withSettings({}, folder));
      expect(message).to.contain('podreach.yaml:1:1: unknown key "timeot"');
    }));
});
