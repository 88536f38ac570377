import { expect } from 'chai';
import { loadScenarios } from '../../../src/scenario/index.ts';
import { load, policy, refusal } from './temporary-folder.ts';

const minimal = 'namespaces: {prod: {pods: {web: {ports: [80]}}}}\npolicies: []\n';

describe('loadScenarios', () => {
  it('expands names, labels and ports, in the order in which they are written', async () => {
    const yaml = `
intent: Nothing in particular.
namespaces:
  prod:
    labels: {environment: prod}
    pods:
      '10': {labels: {app: web}, ports: [80, 53/UDP, {name: admin, port: 9000, protocol: SCTP}, {port: 81}]}
      '2': {address: 10.0.0.1}
  dev: {}
hosts:
  office: {address: 172.17.5.10, ports: [443]}
  home: {address: 172.17.5.11}
policies: []
`;
    const [scenario, ...others] = await load({ 'first/scenario.yaml': yaml }, 'first');
    expect(others).to.deep.equal([]);
    expect(scenario?.file).to.match(/first\/scenario\.yaml$/);
    const topology = {
      namespaces: [
        {
          name: 'prod',
          labels: { environment: 'prod' },
          pods: [
            {
              endpoint: 'prod/10',
              namespace: 'prod',
              name: '10',
              labels: { app: 'web' },
              ports: [
                { number: 80, protocol: 'TCP' },
                { number: 53, protocol: 'UDP' },
                { name: 'admin', number: 9000, protocol: 'SCTP' },
                { number: 81, protocol: 'TCP' },
              ],
            },
            { endpoint: 'prod/2', namespace: 'prod', name: '2', labels: {}, ports: [], addresses: ['10.0.0.1'] },
          ],
        },
        { name: 'dev', labels: {}, pods: [] },
      ],
      hosts: [
        {
          endpoint: 'host:office',
          name: 'office',
          addresses: ['172.17.5.10'],
          ports: [{ number: 443, protocol: 'TCP' }],
        },
        { endpoint: 'host:home', name: 'home', addresses: ['172.17.5.11'], ports: [] },
      ],
      nodes: [],
      services: [],
    };
    expect({ ...scenario, file: '' }).to.deep.equal({
      name: 'first',
      intent: 'Nothing in particular.',
      file: '',
      steps: [{ name: 'first', topology, policies: [], expected: null, form: null, path: [] }],
    });
  });

  it('takes tags, and only if it is true', async () => {
    const [tagged] = await load({ 'a/scenario.yaml': `${minimal}tags: [nightly, v1.30_x-y]\nonly: true\n` });
    expect(tagged).to.deep.include({ tags: ['nightly', 'v1.30_x-y'], only: true });
    expect((await load({ 'a/scenario.yaml': `${minimal}only: false\n` }))[0]).to.not.have.any.keys('tags', 'only');
    for (const wrong of ['[]', '["a,b"]', '["!a"]', '[-a]', `[${'a'.repeat(64)}]`, `[${'a,'.repeat(21)}]`])
      expect((await refusal({ 'a/scenario.yaml': `${minimal}tags: ${wrong}\n` })).lines[0]).to.contain('tag');
  });

  it('takes a file, a folder and a folder of folders, each scenario once, sorted by path', async () => {
    const files = { 'b/scenario.yaml': minimal, 'a/scenario.yaml': minimal, 'a/deep/scenario.yaml': minimal };
    const names = (await load(files, 'b/scenario.yaml', '.', 'a')).map(({ name }) => name);
    expect(names).to.deep.equal(['a', 'b']);
  });

  it('takes the name from the file before that of the folder', async () => {
    expect((await load({ 'a/scenario.yaml': `name: b c\n${minimal}` }))[0]?.name).to.equal('b c');
  });

  it('takes the name of NAME.scenario.yaml before that of its folder', async () => {
    const files = { 'net/web.scenario.yaml': minimal, 'net/db.scenario.yml': minimal, 'net/scenario.yml': minimal };
    const found = await load(files, ...Object.keys(files));
    expect(found.map(({ name }) => name)).to.have.members(['web', 'db', 'net']);
  });

  it('finds by their folder what it finds by their names, .yml too', async () => {
    const files = {
      'net/web.scenario.yaml': minimal,
      'net/db.scenario.yml': minimal,
      'net/api/scenario.yml': minimal,
      'net/api/x.scenario.yaml': minimal,
    };
    expect((await load(files, 'net')).map(({ name }) => name)).to.have.members(['web', 'db', 'api']);
    expect((await load(files, 'net/api')).map(({ name }) => name)).to.deep.equal(['api']);
  });

  it('refuses a name that two scenarios have', async () => {
    const { lines } = await refusal({ 'a/scenario.yaml': minimal, 'b/scenario.yaml': `${minimal}name: a\n` });
    expect(lines).to.deep.equal(['b/scenario.yaml:3:7: duplicate scenario "a": also a/scenario.yaml']);
  });

  it('loads nothing for no path', async () => {
    expect(await loadScenarios([])).to.deep.equal([]);
  });

  it('says where there is no scenario', async () => {
    const { lines } = await refusal({ 'empty/README.md': '' }, 'empty', 'gone', 'empty/README.md/x');
    expect(lines).to.deep.equal([
      'empty: no scenario and no Kubernetes manifest in empty',
      'empty/README.md/x: no such file or folder',
      'gone: no such file or folder',
    ]);
  });

  it('takes the word model for an expectation', async () => {
    const yaml = 'namespaces: {prod: {pods: {web: {ports: [80]}, api: {}}}}\npolicies: []\nexpect: model\n';
    expect((await load({ 'scenario.yaml': yaml }))[0]?.steps[0]).to.include({ expected: 'model', form: 'model' });
  });

  it('keeps the byte order mark and Windows line ends out of the way', async () => {
    const [scenario] = await load({ 'a/scenario.yaml': `\uFEFF${minimal}`.replaceAll('\n', '\r\n') });
    expect(scenario?.steps[0].topology.namespaces[0]?.name).to.equal('prod');
  });

  it('lets a merge bring in pods', async () => {
    const yaml = `namespaces:
  prod: {pods: &pods {web: {}}}
  dev:
    pods: {client: {}, <<: *pods}
policies: []
`;
    const [scenario] = await load({ 'a/scenario.yaml': yaml });
    expect(scenario?.steps[0].topology.namespaces[1]?.pods.map(({ endpoint }) => endpoint)).to.deep.equal([
      'dev/client',
      'dev/web',
    ]);
  });

  it('reports the problems of all files at once, sorted', async () => {
    const { lines } = await refusal({
      'b/scenario.yaml': 'nme: x\n',
      'a/scenario.yaml': `namespaces: {prod: {}}\n`,
      'a/policies/p.yaml': policy('p', 'prd'),
    });
    expect(lines).to.deep.equal([
      'a/policies/p.yaml:3:32: the scenario has no namespace "prd"; the nearest valid namespace is "prod"',
      'b/scenario.yaml:1:1: missing key "namespaces"',
      'b/scenario.yaml:1:1: no manifest (.yaml, .yml or .json) matches "policies/**"',
      'b/scenario.yaml:1:1: unknown key "nme"; the nearest valid key is "name"',
    ]);
  });
});
