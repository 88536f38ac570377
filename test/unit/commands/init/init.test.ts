import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect } from 'chai';
import { runCli } from '../../../../src/commands/program.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { loadScenarios } from '../../../../src/scenario/index.ts';
import { failureOf } from '../../failure-of.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

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
      // The default folder says nothing, so it is called by what contains it.
      expect(text).to.contain(`\nname: ${basename(process.cwd())}\n`);
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

  it('expects nothing of the cells that addresses decide, and something of the others', () =>
    within({ ...K8S, 'k8s/policy.yaml': policy('{ipBlock: {cidr: 10.0.0.0/8}}') }, async () => {
      const { code, out } = await podreach('init', 'tests/net', '--from', 'k8s');
      expect(code).to.equal(0);
      expect(out).to.contain(
        'its grid has 6 cells, as the policies are today\nnothing is expected of 2 of them (the mark *), because only a cluster can tell\n',
      );
      const text = await readFile('tests/net/scenario.yaml', 'utf8');
      expect(text).to.contain('- ../../k8s\n');
      expect(text).to.contain('\nname: net\n');
      expect(text.replaceAll(/ +/g, ' ')).to.contain(' shop/db # . .\n shop/other * # .\n shop/web * . #\n');
      const predicted = await podreach('model', 'tests/net');
      expect(predicted.code, predicted.out).to.equal(0);
      expect(predicted.out).to.contain('u* unknown to the model, nothing expected');
      expect(predicted.out).to.contain('6 cells predicted: 4 as expected, 2 without an expectation');
    }));

  it('expects nothing of what the specification leaves undefined', () =>
    within(
      {
        ...K8S,
        'k8s/service.yaml':
          'apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: {selector: {app: db}, ports: [{port: 5432}]}\n',
      },
      async () => {
        const { code, out } = await podreach('init', '--from', 'k8s');
        expect(code).to.equal(0);
        // A pod that reaches itself through its Service.
        expect(out).to.contain(
          'nothing is expected of 1 of them (the mark *), because the specification leaves them undefined\n',
        );
        const text = (await readFile('podreach/scenario.yaml', 'utf8')).replaceAll(/ +/g, ' ');
        expect(text).to.contain(' shop/db # . . *\n');
        const predicted = await podreach('model', 'podreach');
        expect(predicted.code, predicted.out).to.equal(0);
      },
    ));

  it('expects nothing yet where addresses decide everything, and names the run that writes it', () =>
    within(
      {
        '.git': '',
        'k8s/web.yaml': workload('web', 80),
        'k8s/db.yaml': workload('db', 5432),
        'k8s/policy.yaml': policy('{ipBlock: {cidr: 10.0.0.0/8}}').replace(
          'podSelector: {matchLabels: {app: db}}',
          'podSelector: {}',
        ),
      },
      async () => {
        const { code, out } = await podreach('init', '--from', 'k8s');
        expect(code).to.equal(0);
        expect(out).to.contain('in its 2 cells, so it expects nothing yet; `podreach run -u` writes');
        const [scenario] = await loadScenarios(['podreach']);
        expect(scenario?.steps[0].expected).to.equal(null);
        expect(await readFile('podreach/scenario.yaml', 'utf8')).not.to.contain('expect:');
      },
    ));

  describe('refuses manifests outside the repository, with a command that works:', () => {
    const elsewhere = Object.fromEntries(
      Object.entries(K8S).flatMap(([path, text]) => (path === '.git' ? [] : [[`my shop/${path}`, text]])),
    );

    const cureOf = async (...argv: readonly string[]): Promise<PodreachError> => {
      const failure = await failureOf(podreach(...argv));
      if (!(failure instanceof PodreachError)) throw failure;
      return failure;
    };

    for (const [where, marker] of [
      ['a repository', { 'repo/.git': '' }],
      ['a folder that is in none', { 'repo/README': '' }],
    ] as const)
      it(`from ${where}`, () =>
        within({ ...elsewhere, ...marker }, async () => {
          process.chdir('repo');
          const { message, hint = '' } = await cureOf('init', '--from', '../my shop/k8s');
          expect(message).to.equal(
            "../my shop/k8s can't be used: a scenario in podreach may read only what is in this folder",
          );
          const [, command = ''] =
            /^write the scenario beside the manifests: podreach (.*); or copy the manifests into this folder, and name the copy with --from$/.exec(
              hint,
            ) ?? [];
          expect(command).to.equal("init '../my shop/podreach' --from '../my shop/k8s'");
          expect(await readdir('.')).to.deep.equal(Object.keys(marker).map((path) => path.slice('repo/'.length)));
          expect((await podreach('init', '../my shop/podreach', '--from', '../my shop/k8s')).code).to.equal(0);
          expect((await podreach('model', '../my shop/podreach')).code).to.equal(0);
        }));

    it('from two repositories', () =>
      within(
        {
          ...{ 'repo/.git': '', 'repo/k8s/web.yaml': workload('web', 80) },
          ...{ 'other/.git': '', 'other/k8s/db.yaml': workload('db', 5432) },
        },
        async () => {
          process.chdir('repo');
          const { message, hint } = await cureOf('init', '--from', 'k8s', '--from', '../other/k8s');
          expect(message).to.match(/^\.\.\/other\/k8s can't be used/);
          expect(hint).to.match(/init \.\.\/podreach --from k8s --from \.\.\/other\/k8s; or copy/);
          expect((await podreach('init', '../podreach', '--from', 'k8s', '--from', '../other/k8s')).code).to.equal(0);
        },
      ));

    it('from where no scenario could read them: a copy', () =>
      within({ '.git': '' }, async () => {
        const { hint } = await cureOf('init', '--from', '/no-such-folder/k8s', '--from', '/nor-this/k8s');
        expect(hint).to.equal('copy the manifests into this folder, and name the copy with --from');
      }));
  });

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
