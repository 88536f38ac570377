import { readdir, readFile, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import { runCli } from '../../../src/commands/program.ts';
import { PodreachError } from '../../../src/errors.ts';
import { loadScenarios } from '../../../src/scenario/index.ts';
import { failureOf } from '../failure-of.ts';
import { inFolder } from '../scripts/temporary-folder.ts';
import { fakeTerminal } from './fake-terminal.ts';

const workload = (name: string, port: number) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: shop}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: main, image: x, ports: [{containerPort: ${port}}]}]}
`;
const policy = (peer: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [${peer}]}]
`;
const K8S = {
  'k8s/web.yaml': workload('web', 80),
  'k8s/db.yaml': workload('db', 5432),
  'k8s/other.yaml': workload('other', 8080),
  'k8s/policy.yaml': policy('{podSelector: {matchLabels: {app: web}}}'),
  '.git': '',
};

describe('podreach init', () => {
  const before = process.cwd();
  afterEach(() => process.chdir(before));

  const within = (files: Readonly<Record<string, string>>, work: (folder: string) => Promise<void>) =>
    inFolder(files, async (folder) => {
      process.chdir(folder);
      try {
        await work(folder);
      } finally {
        process.chdir(before);
      }
    });
  const podreach = async (...argv: readonly string[]) => {
    const terminal = fakeTerminal();
    const code = await runCli(argv, terminal);
    return { code, out: terminal.printed() };
  };

  it('writes a scenario from manifests, with what the policies do as its grid', () =>
    within(K8S, async () => {
      const { code, out } = await podreach('init', '--from', 'k8s');
      expect(code).to.equal(0);
      expect(out).to.match(/^wrote podreach\/scenario\.yaml: its grid has 6 cells, as the policies are today\n/);
      const text = await readFile('podreach/scenario.yaml', 'utf8');
      expect(text).to.match(/^# yaml-language-server: \$schema=https:\/\/\S+\/schema\/scenario\.json\n/);
      expect(text).to.contain('from:\n  - ../k8s\n');
      // Only web gets to db; everything else is open.
      expect(text.replaceAll(/ +/g, ' ')).to.contain(
        [
          ' shop/db shop/other shop/web',
          ' 5432/TCP 8080/TCP 80/TCP',
          ' shop/db # . .',
          ' shop/other X # .',
          ' shop/web . . #',
          '',
        ].join('\n'),
      );
      expect((await podreach('model', 'podreach')).code).to.equal(0);
    }));

  it('notices with that grid when a policy changes', () =>
    within(K8S, async () => {
      await podreach('init', '--from', 'k8s');
      await writeFile('k8s/policy.yaml', policy('{podSelector: {}}'));
      const { code, out } = await podreach('model', 'podreach');
      expect(code).to.equal(1);
      expect(out).to.contain('shop/other -> shop/db 5432/TCP');
    }));

  it('expects nothing yet where addresses decide, and names the run that writes them', () =>
    within({ ...K8S, 'k8s/policy.yaml': policy('{ipBlock: {cidr: 10.0.0.0/8}}') }, async () => {
      const { code, out } = await podreach('init', 'tests/net', '--from', 'k8s');
      expect(code).to.equal(0);
      expect(out).to.contain('2 of its 6 cells depend on addresses').and.contain('`podreach run -u`');
      const [scenario] = await loadScenarios(['tests/net']);
      expect(scenario?.steps[0].expected).to.equal(null);
      expect(await readFile('tests/net/scenario.yaml', 'utf8')).to.contain('- ../../k8s\n');
    }));

  it('writes an example that is as expected where there are no manifests', () =>
    within({ '.git': '' }, async () => {
      expect((await podreach('init')).code).to.equal(0);
      const { code, out } = await podreach('model', 'podreach');
      expect(code, out).to.equal(0);
      expect(out).to.contain('4 cells predicted: 4 as expected');
    }));

  it('takes the schema of the installed package where there is one', () =>
    within({ '.git': '', 'node_modules/podreach/schema/scenario.json': '{}' }, async () => {
      await podreach('init');
      expect(await readFile('podreach/scenario.yaml', 'utf8')).to.match(
        /^# yaml-language-server: \$schema=\.\.\/node_modules\/podreach\/schema\/scenario\.json\n/,
      );
    }));

  it('overwrites nothing, and leaves nothing behind where it fails', () =>
    within({ ...K8S, 'mine/scenario.yaml': 'name: mine\n', 'broken/x.yaml': 'kind: Deployment\n' }, async (folder) => {
      for (const argv of [['mine'], ['mine', '--from', 'k8s']]) {
        const failure = await failureOf(podreach('init', ...argv));
        expect(failure).to.be.instanceOf(PodreachError);
        expect(failure.message).to.contain('mine/scenario.yaml exists');
      }
      expect(await readFile('mine/scenario.yaml', 'utf8')).to.equal('name: mine\n');
      expect(await readdir('mine')).to.deep.equal(['scenario.yaml']);
      expect((await failureOf(podreach('init', 'new/deep', '--from', 'broken'))).message).to.contain(
        'broken/x.yaml:1:1',
      );
      expect((await failureOf(podreach('init', 'new', '--from', 'k8s/policy.yaml'))).message).to.contain('no two ends');
      expect((await readdir(folder)).sort()).to.deep.equal(['.git', 'broken', 'k8s', 'mine']);
    }));
});
