import { expect } from 'chai';
import { parse } from 'yaml';
import { compile, readPolicies, type World } from '../../../../src/model/index.ts';
import { lint, type Warning } from '../../../../src/model/lint/lint.ts';
import { findRedundant } from '../../../../src/model/lint/redundant.ts';
import { worldOf } from './fixture.ts';

const world = worldOf({
  namespaces: { prod: {}, dev: { env: 'dev' } },
  pods: {
    'prod/web': { labels: { app: 'web' }, ports: [{ number: 8080, protocol: 'TCP', name: 'http' }] },
    'prod/db': { labels: { app: 'db' }, addresses: ['10.0.0.5'] },
    'dev/client': { labels: { app: 'client' } },
  },
});
const policy = (spec: unknown, name = 'p', namespace = 'prod') => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec: typeof spec === 'string' ? parse(spec) : spec,
});
const linted = (manifests: readonly unknown[], more: Partial<World> = {}): readonly Warning[] =>
  lint(compile({ ...world, ...more }, readPolicies(manifests)));
const rulesOf = (warnings: readonly Warning[]) => warnings.map(({ rule }) => rule);

describe('lint: ipblock-matches-nothing, of a world', () => {
  const told = (cidr: string, serviceRanges: readonly string[], ports = '[{port: 53, protocol: UDP}]') =>
    linted([policy(`{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: "${cidr}"}}], ports: ${ports}}]}`)], {
      serviceRanges,
    });

  it('goes by the ranges that it is told', () => {
    expect(rulesOf(told('10.43.0.10/32', ['10.43.0.0/16']))).to.deep.equal(['ipblock-matches-nothing']);
    expect(told('10.96.0.10/32', ['10.43.0.0/16'])).to.deep.equal([]);
    expect(told('10.96.0.10/32', [])).to.deep.equal([]);
  });

  it('believes in no range in which a node has its address', () => {
    const node = { name: 'n', addresses: ['10.97.0.1'], pods: [], elsewhere: [] };
    const block = policy('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.96.0.10/32}}]}]}');
    expect(rulesOf(linted([block], { nodes: [node] }))).to.deep.equal([]);
    expect(rulesOf(linted([block], { nodes: [{ ...node, addresses: ['10.97.0.1', 'fd00::1'] }] }))).to.deep.equal([]);
    expect(rulesOf(linted([block], { nodes: [{ ...node, addresses: ['10.1.0.1'] }] }))).to.deep.equal([
      'ipblock-matches-nothing',
    ]);
  });

  for (const [ports, isForDns] of [
    ['[{port: 53, protocol: UDP}]', true],
    ['[{port: 53}]', true],
    ['[{port: 443}, {port: 53, protocol: UDP}]', true],
    ['[{port: 443}]', false],
    ['[{port: http}]', false],
    ['[{port: 50, endPort: 53}]', false],
    ['[{port: 53, endPort: 60}]', false],
    ['[]', false],
  ] as const)
    it(`reports ${isForDns ? '' : 'not '}how to let DNS through, of a rule for ports ${ports}`, () => {
      const [warning] = told('10.43.0.10/32', ['10.43.0.0/16'], ports).filter(
        ({ rule }) => rule === 'ipblock-matches-nothing',
      );
      if (isForDns) expect(warning?.hint).to.match(/^egress rule for DNS: /);
      else expect(warning).to.be.an('object').that.does.not.have.property('hint');
    });
});

describe('lint: of a world', () => {
  it('takes a host for no pod', () => {
    const hosts = [{ name: 'office', addresses: ['10.1.0.9'] }];
    const block = policy('{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]}');
    expect(linted([block], { hosts })).to.deep.equal([]);
  });

  it('says where a rule stands that makes another one pointless', () => {
    const manifest = policy('{podSelector: {}, ingress: [{from: [{podSelector: {}}]}, {}]}');
    const placeOf = (path: readonly unknown[]) => ({
      ...{ file: 'p.yaml', column: 1 },
      line: path.join('.') === 'spec.ingress.1' ? 12 : 9,
    });
    const [warning] = lint(compile(world, readPolicies([manifest], { placeOf })));
    expect(warning?.message).to.include('rule 2 (line 12) lets everybody in');
  });

  it('reports a peer once', () => {
    const nobody = '{podSelector: {matchLabels: {app: nobody}}}';
    const both = `{podSelector: {}, ingress: [{from: [${nobody}, ${nobody}]}]}`;
    expect(rulesOf(linted([policy(both)]))).to.deep.equal(['peer-selects-nothing', 'peer-selects-nothing']);
  });

  it('reports a peer, though there is something to tell of another one', () => {
    const rules =
      '{from: [{podSelector: {}}, {podSelector: {}}]}, {from: [{podSelector: {matchLabels: {app: nobody}}}]}';
    expect(rulesOf(linted([policy(`{podSelector: {}, ingress: [${rules}]}`)]))).to.have.members([
      'rule-undone',
      'peer-selects-nothing',
    ]);
  });

  it('finds nothing superfluous in a policy that isolates in no direction', () => {
    const [one, other] = readPolicies([policy({ podSelector: {} }), policy({ podSelector: {} }, 'q')]);
    if (!one || !other) return expect.fail('no policies');
    expect(findRedundant([one, { ...other, ingress: null }]).size).to.equal(0);
  });
});

describe('lint: limits', () => {
  const count = (most: number) => Array.from({ length: most }, (_, at) => at);

  it('compares up to 400 pairs of peers and ports of a policy', () => {
    const ports = (most: number) => count(most).map((at) => ({ port: 1000 + at }));
    const told = (most: number) =>
      rulesOf(
        linted([policy({ podSelector: {}, ingress: [{ ports: ports(most - 1) }, { ports: [{ port: 1000 }] }] })]),
      );
    expect(told(400)).to.deep.equal(['rule-undone']);
    expect(told(401)).to.deep.equal([]);
  });

  it('says of a hundred selectors what comes nearest', () => {
    const missing = count(101).map((at) =>
      policy({ podSelector: { matchLabels: { app: 'webb' } }, ingress: [{ ports: [{ port: at + 1 }] }] }, `p${at}`),
    );
    const messages = linted(missing).map(({ message }) => message.includes('; the nearest label is app=web'));
    expect(messages).to.have.lengthOf(101);
    expect(messages.filter((isTold) => isTold)).to.have.lengthOf(100);
    expect(messages.at(-1)).to.equal(false);
    expect(linted(missing).at(-1)?.message).to.match(/ selects no pod of namespace prod$/);
  });

  it('says of a hundred names of ports which is nearest', () => {
    const ports = count(101).map((at) => ({ port: `htt${at}` }));
    const messages = linted([policy({ podSelector: {}, ingress: [{ ports }] })]).map(({ message }) => message);
    expect(messages).to.have.lengthOf(101);
    expect(messages[99]).to.match(/named htt99; the nearest valid name is "http"$/);
    expect(messages[100]).to.match(/has a port named htt100$/);
  });

  it('compares no policies if that takes too long, and finds what needs no comparison', () => {
    const ports = count(1000).map((at) => ({ port: at + 1 }));
    const block = { ipBlock: { cidr: '11.0.0.0/8', except: ['11.1.0.0/16'] } };
    const again = { ipBlock: { cidr: '11.1.0.0/16' } };
    const spec = {
      podSelector: {},
      ingress: [{ ports }, { from: [block, again] }, { from: [block, again], ports: [] }],
    };
    const warnings = linted([policy(spec), policy(spec, 'q'), policy(spec, 'p', 'dev')]);
    expect(new Set(warnings.filter((one) => one.policy.namespace === 'prod').map(({ rule }) => rule))).to.deep.equal(
      new Set(['empty-means-all']),
    );
    expect(rulesOf(warnings.filter((one) => one.policy.namespace === 'dev'))).to.include.members([
      'except-undone',
      'empty-means-all',
    ]);
  });
});
