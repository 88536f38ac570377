import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { loadSettings } from '../../../src/scenario/settings.ts';
import { settingsJsonSchema } from '../../../src/scenario/settings-schema.ts';
import { failureOf } from '../failure-of.ts';
import { inFolder } from '../scripts/temporary-folder.ts';

/** Every key, with paths that are relative to the file. */
const ALL = `scenarios: [k8s/tests, /srv/more]
config: ci/kind.yaml
images: registry
mirror: registry.example.com/proxy
registryCa: ci/ca.pem
nodeImage: kindest/node:v1
calico: ci/calico.yaml@sha256:${'0'.repeat(64)}
probeImage: tools/agnhost:2.56
ipFamily: dual
reporters: [terminal, json=out/run.json, ./ci/mine.ts=out/mine.txt]
timeout: 3000
workers: 2
retries: 0
record: true
settleTimeout: 45000
`;

const within = (text: string, work: (folder: string) => Promise<unknown>) =>
  inFolder(
    { 'podreach.yaml': text, 'deep/er/.keep': '', 'other/.git': '' },
    async (folder) => void (await work(folder)),
  );

describe('loadSettings', () => {
  it('reads every key, and takes paths from where the file lies', () =>
    within(ALL, async (folder) => {
      expect(await loadSettings(join(folder, 'deep/er'))).to.deep.equal({
        folder,
        scenarios: [join(folder, 'k8s/tests'), '/srv/more'],
        config: join(folder, 'ci/kind.yaml'),
        images: 'registry',
        mirror: 'registry.example.com/proxy',
        registryCa: join(folder, 'ci/ca.pem'),
        nodeImage: 'kindest/node:v1',
        calico: `${join(folder, 'ci/calico.yaml')}@sha256:${'0'.repeat(64)}`,
        probeImage: 'tools/agnhost:2.56',
        ipFamily: 'dual',
        reporters: [
          'terminal',
          `json=${join(folder, 'out/run.json')}`,
          `${join(folder, 'ci/mine.ts')}=${join(folder, 'out/mine.txt')}`,
        ],
        timeout: 3000,
        workers: 2,
        retries: 0,
        record: true,
        settleTimeout: 45_000,
      });
    }));

  it('leaves a release of Calico as it is written', () =>
    within('calico: v3.31.2\n', async (folder) => expect((await loadSettings(folder))?.calico).to.equal('v3.31.2')));

  it('does not look beyond the repository', () =>
    within(ALL, async (folder) => expect(await loadSettings(join(folder, 'other'))).to.equal(null)));

  for (const text of ['', '# nothing yet\n', '---\n'])
    it(`takes a file that sets nothing for none of the settings: ${JSON.stringify(text)}`, () =>
      within(text, async (folder) => expect(await loadSettings(folder)).to.deep.equal({ folder })));

  it('reports every problem of the file at its place, with the nearest key', () =>
    within('workrs: 2\ntimeout: 5\nimages: bild\nscenarios: []\nmirror: 3\n', async (folder) => {
      const failure = await failureOf(loadSettings(folder));
      expect(failure).to.be.instanceOf(PodreachError);
      const lines = failure.message.split('\n').map((line) => line.replace(/^.*podreach\.yaml:/, ''));
      expect(lines).to.deep.equal([
        '1:1: unknown key "workrs"; the nearest valid key is "workers"',
        '2:10: expected milliseconds from 1200 to 600000',
        '3:9: expected auto or registry or build, got the string "bild"; the nearest valid word is "build"',
        '4:12: expected at least one path; without the key podreach looks for scenarios itself',
        '5:9: expected a string, got the number 3: quote it',
      ]);
    }));

  it('refuses a second document', () =>
    within('workers: 1\n---\nworkers: 2\n', async (folder) =>
      expect((await failureOf(loadSettings(folder))).message).to.match(/podreach\.yaml:3:1: a second document/),
    ));
});

describe('schema/podreach.json', () => {
  it('is what the schema says', async () => {
    const file = new URL('../../../schema/podreach.json', import.meta.url);
    expect(JSON.parse(await readFile(file, 'utf8')), 'it drifted: run `node scripts/schema.ts`').to.deep.equal(
      settingsJsonSchema(),
    );
  });
});
