import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadScenarios, podsOf } from '../../../src/scenario/index.ts';
import { failureOf } from '../failure-of.ts';
import { type Files, load, policy, refusal, withFiles } from './temporary-folder.ts';
import { namespace, pod, workload } from './workloads/objects-fixture.ts';

const web = workload('Deployment', 'web');
const api = workload('Deployment', 'api');
const scenario = 'namespaces: {a: {pods: {b: {}}}}\npolicies: []\n';

const endpointsOf = async (files: Files, ...paths: readonly string[]) =>
  (await load(files, ...paths)).map(({ name, steps }) => [
    name,
    podsOf(steps[0].topology).map(({ endpoint }) => endpoint),
  ]);

const from = (...chunks: readonly (string | Uint8Array)[]) => ({
  openStdin: async function* () {
    for (const chunk of chunks) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
  },
});

describe('manifests on the command line', () => {
  it('are a scenario that expects what the model predicts', async () => {
    const [found, ...others] = await load({ 'k8s/a.yaml': web, 'k8s/p.yaml': policy('p') }, 'k8s');
    expect(others).to.deep.equal([]);
    expect(found?.name).to.equal('k8s');
    expect(found?.file).to.match(/k8s$/);
    expect(found?.steps[0]).to.include({ expected: 'model', form: 'model' });
    expect(found?.steps[0].policies.map(({ namespace: own, name }) => `${own}/${name}`)).to.deep.equal(['default/p']);
  });

  const kinds: Readonly<Record<string, string>> = {
    'begins with a comment': `# a\n${web}`,
    'is JSON': '{"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "web"}, "spec": {}}',
    'has quotes around its keys': '"apiVersion": v1\n"kind": Pod\nmetadata: {name: web}\nspec: {}\n',
    'is a flow mapping': '{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {}}',
    'has Windows line ends': pod('web').replaceAll('\n', '\r\n'),
  };
  for (const [what, text] of Object.entries(kinds))
    it(`may be a file that ${what}, whatever its name`, async () => {
      expect(await endpointsOf({ 'rendered.txt': text }, 'rendered.txt')).to.deep.equal([
        ['rendered', ['default/web']],
      ]);
    });

  it('are one scenario, however many paths lead to them', async () => {
    const files = { 'k8s/web.yaml': web, 'other/api.yaml': api };
    expect(await endpointsOf(files, 'k8s', 'other/api.yaml', 'k8s/web.yaml')).to.deep.equal([
      ['k8s, api, web', ['default/web', 'default/api']],
    ]);
  });

  it('stand beside scenarios', async () => {
    const files = { 'k8s/web.yaml': web, 's/scenario.yaml': scenario };
    expect(await endpointsOf(files, 'k8s', 's')).to.deep.equal([
      ['s', ['a/b']],
      ['k8s', ['default/web']],
    ]);
  });

  it('are not what a scenario has beside it, or below it', async () => {
    const files = { 'x/scenario.yaml': scenario, 'x/k8s.yaml': web, 'y/z/scenario.yaml': scenario, 'y/k8s.yaml': web };
    expect(await endpointsOf(files, 'x')).to.deep.equal([['x', ['a/b']]]);
    expect(await endpointsOf(files, 'y')).to.deep.equal([['z', ['a/b']]]);
  });

  it('land in the namespace that is given, if they name none', async () => {
    await withFiles({ 'a.yaml': `${web}${pod('b', { namespace: 'own' })}` }, async (folder) => {
      const [found] = await loadScenarios([join(folder, 'a.yaml')], { namespace: 'prod' });
      expect(podsOf(found?.steps[0].topology ?? expect.fail()).map(({ endpoint }) => endpoint)).to.deep.equal([
        ...['prod/web', 'own/b'],
      ]);
    });
  });

  it('are read within their repository only', () =>
    withFiles({ 'r/k8s/web.yaml': web, 'r/.git/HEAD': '', 'secret.yaml': api }, async (folder) => {
      await symlink('../../secret.yaml', join(folder, 'r/k8s/link.yaml'));
      const { message } = await failureOf(loadScenarios([join(folder, 'r/k8s')]));
      expect(message).to.match(/link\.yaml:1:1: outside the scenario's repository/);
    }));

  const refused: Readonly<
    Record<string, readonly [files: Files, path: string, lines: readonly string[], hint?: string]>
  > = {
    'no manifest and no scenario': [
      { 'k8s/values.yaml': 'replicaCount: 1\n', 'k8s/README.md': web },
      'k8s',
      ['k8s: no scenario and no Kubernetes manifest in k8s'],
    ],
    'manifests beside a file that is none': [
      { 'k8s/values.yaml': 'replicaCount: 1\n', 'k8s/web.yaml': web },
      'k8s',
      ['k8s/values.yaml:1:1: not a Kubernetes object: it has no apiVersion and no kind'],
    ],
    'policies alone': [
      { 'k8s/p.yaml': policy('p') },
      'k8s',
      ['k8s: no pods: there is no Pod, Deployment or other workload in these manifests'],
    ],
    'a Helm chart': [
      { 'chart/Chart.yaml': 'apiVersion: v2\nname: x\n', 'chart/templates/a.yaml': '{{ if x }}\n' },
      'chart',
      ['chart/Chart.yaml:1:1: a Helm chart is not a manifest: render it'],
    ],
    'a Namespace alone': [
      { 'a.yaml': namespace('a') },
      'a.yaml',
      ['a.yaml: no pods: there is no Pod, Deployment or other workload in these manifests'],
    ],
  };
  for (const [what, [files, path, lines]] of Object.entries(refused))
    it(`are refused if there is ${what}`, async () => {
      expect((await refusal(files, path)).lines).to.deep.equal(lines);
    });

  it('report how to render a chart', async () => {
    const { hint } = await refusal({ 'chart/Chart.yaml': 'apiVersion: v2\nkind: x\n' }, 'chart');
    expect(hint).to.match(/^helm template \S*chart \| podreach model -$/);
  });

  it('are the only ones to land in a namespace of the command line', async () => {
    await withFiles({ 's/scenario.yaml': scenario, 'a.yaml': web }, async (folder) => {
      const { message, hint } = await failureOf(loadScenarios([join(folder, 's')], { namespace: 'prod' }));
      expect(message).to.equal('--namespace is for manifests without a scenario');
      expect(hint).to.equal('write policyNamespace into scenario.yaml');
      const bad = await failureOf(loadScenarios([join(folder, 'a.yaml')], { namespace: 'Prod' }));
      expect(bad.message).to.contain('invalid namespace name "Prod"');
    });
  });
});

describe('standard input', () => {
  it('is manifests too, in as many pieces as it comes', async () => {
    const [found] = await loadScenarios(['-'], from(web.slice(0, 30), web.slice(30)));
    expect(found).to.include({ name: 'stdin', file: 'stdin' });
    expect(podsOf(found?.steps[0].topology ?? expect.fail())).to.have.length(1);
  });

  it('is read once, beside files', () =>
    withFiles({ 'api.yaml': api }, async (folder) => {
      const [found] = await loadScenarios(['-', join(folder, 'api.yaml'), '-'], from(web));
      expect(podsOf(found?.steps[0].topology ?? expect.fail()).map(({ name }) => name)).to.deep.equal(['web', 'api']);
    }));

  const refused: Readonly<Record<string, readonly [input: readonly (string | Uint8Array)[], line: string]>> = {
    'is not YAML': [['a: [\n'], 'stdin:2:1: not YAML'],
    'is no manifest': [['a: 1\n'], 'stdin:1:1: not a Kubernetes object: it has no apiVersion and no kind'],
    'is not UTF-8': [[new Uint8Array([0xff])], 'stdin:1:1: not a text file: it is not UTF-8'],
    'contains control characters': [['a: "\u0007"\n'], 'stdin:1:1: not a text file: it contains control characters'],
    'has a problem': [[workload('Deployment', 'Web')], 'stdin:4:18: invalid name "Web": up to 253'],
    'is empty': [[''], 'stdin: no pods'],
  };
  for (const [what, [input, line]] of Object.entries(refused))
    it(`is refused if it ${what}`, async () => {
      expect((await failureOf(loadScenarios(['-'], from(...input)))).message.startsWith(line)).to.equal(true);
    });

  it('is not read to its end if it is larger than a file may be', async () => {
    let chunks = 0;
    const endless = async function* () {
      for (;;) {
        chunks += 1;
        yield new Uint8Array(64 * 1024);
      }
    };
    const { message } = await failureOf(loadScenarios(['-'], { openStdin: endless }));
    expect(message).to.equal('stdin:1:1: larger than 1024 KiB');
    expect(chunks).to.equal(17);
  });
});
