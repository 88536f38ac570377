import { join } from 'node:path';
import { expect } from 'chai';
import { readConfig } from '../../../src/cluster/config.ts';
import { PodreachError } from '../../../src/errors.ts';
import { failureOf } from '../failure-of.ts';
import { inFolder } from '../scripts/temporary-folder.ts';

describe('readConfig', () => {
  it('is the text of the file, to the letter, if no family is asked for', () =>
    inFolder({ 'kind.yaml': 'kind:   Cluster # mine\n' }, async (folder) => {
      expect(await readConfig({ configFile: join(folder, 'kind.yaml') })).to.equal('kind:   Cluster # mine\n');
    }));

  it('has the family that is asked for', () =>
    inFolder({ 'kind.yaml': 'kind: Cluster # mine\n' }, async (folder) => {
      const config = await readConfig({ configFile: join(folder, 'kind.yaml'), ipFamily: 'dual' });
      expect(config).to.equal('kind: Cluster # mine\nnetworking:\n  ipFamily: dual\n');
    }));

  it('names the file that is not there, or has nothing in it', () =>
    inFolder({ 'kind.yaml': ' \n' }, async (folder) => {
      const empty = await failureOf(readConfig({ configFile: join(folder, 'kind.yaml') }));
      expect(empty).to.be.instanceOf(PodreachError);
      expect(empty.message).to.equal(`the cluster's configuration ${folder}/kind.yaml is empty`);
      const missing = await failureOf(readConfig({ configFile: join(folder, 'other.yaml') }));
      expect(missing).to.be.instanceOf(PodreachError);
      expect(missing.message).to.equal(`the cluster's configuration ${folder}/other.yaml can't be read`);
    }));
});
