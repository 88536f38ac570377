import { expect } from 'chai';
import { explainProbe } from '../../../../src/model/explain/explain-probe.ts';
import { compile, readPolicies, type World } from '../../../../src/model/index.ts';
import { policyIn, type RawPolicy } from '../../../naive/manifest.ts';
import { SERVED } from '../../../naive/specification/world.ts';
import { probeOf } from './explain-fixture.ts';

const explained = (probe: string, policies: readonly RawPolicy[], world: World = SERVED) =>
  explainProbe(compile(world, readPolicies(policies)), probeOf(probe));
const closed = (tier: string) => policyIn('prod', { podSelector: { matchLabels: { tier } }, policyTypes: ['Ingress'] });
const shut = policyIn('prod', { podSelector: {}, policyTypes: ['Egress'] });
const toWeb = policyIn('prod', {
  podSelector: {},
  policyTypes: ['Egress'],
  egress: [{ to: [{ podSelector: { matchLabels: { app: 'web' } } }] }],
});
const ends = ({ connections }: ReturnType<typeof explained>) =>
  connections.map(({ from, to, port, decision }) => `${from} > ${to} ${port}: ${decision}`);

describe('explainProbe', () => {
  it('explains the one connection of a probe that goes to no Service', () => {
    const told = explained('prod/client > prod/web-1 8080', [closed('front')]);
    expect(told).to.deep.include({ decision: 'deny', leftOpen: false, backendsDiffer: false });
    expect(told).to.deep.include({ backends: null, lookup: null });
    expect(told.asked).to.deep.equal(probeOf('prod/client > prod/web-1 8080'));
    expect(ends(told)).to.deep.equal(['prod/client > prod/web-1 8080: deny']);
  });

  it('reports each backend of a Service, and explains the first of each decision, those denied first', () => {
    const told = explained('prod/client > svc:prod/fixed 80', [closed('back'), closed('bare')]);
    expect(told).to.deep.include({ decision: 'unknown', leftOpen: false, backendsDiffer: true, lookup: null });
    expect(told.backends).to.deep.equal([
      { endpoint: 'prod/web-1', port: 8080, decision: 'allow' },
      { endpoint: 'prod/web-2', port: 8080, decision: 'deny' },
      { endpoint: 'prod/web-3', port: 8080, decision: 'deny' },
    ]);
    expect(ends(told)).to.deep.equal(['prod/client > prod/web-2 8080: deny', 'prod/client > prod/web-1 8080: allow']);
  });

  it('has no backend to tell where a Service has none', () => {
    const told = explained('prod/client > svc:prod/none 80', []);
    expect(told).to.deep.include({ decision: 'deny', backendsDiffer: false, backends: [], lookup: null });
    expect(told.connections).to.deep.equal([]);
    expect(explained('prod/client > dns:prod/none 80', []).lookup).to.equal(null);
  });

  it('reports what the specification leaves undefined: a node port meets one connection, though policies may see another', () => {
    const told = explained('prod/client > nodeport:prod/one 80', [toWeb]);
    expect(told).to.deep.include({ decision: 'unknown', leftOpen: true, backendsDiffer: false });
    expect(told.backends).to.deep.equal([{ endpoint: 'prod/web-1', port: 8080, decision: 'unknown' }]);
    expect(ends(told)).to.have.lengthOf(1);
  });

  it('says of no certain decision that it is undefined or depends on the backend', () => {
    for (const policies of [[], [shut]])
      expect(explained('prod/client > nodeport:prod/one 80', policies)).to.include({
        leftOpen: false,
        backendsDiffer: false,
      });
    // Of the name nobody can ask, though its backends differ.
    const told = explained('prod/client > dns:prod/web 80', [toWeb, closed('back')]);
    expect(told).to.include({ decision: 'deny', backendsDiffer: false });
  });

  it("explains the lookup of a Service's name, which its backends share", () => {
    const { lookup, decision, backends } = explained('prod/client > dns:prod/fixed 80', [toWeb]);
    expect(decision).to.equal('deny');
    expect(backends?.map((backend) => backend.decision)).to.deep.equal(['allow', 'allow', 'allow']);
    expect(lookup?.decision).to.equal('deny');
    expect(lookup?.explanations.map(({ from, to, port, protocol }) => [from, to, port, protocol])).to.deep.equal([
      ['prod/client', 'kube-system/coredns', 53, 'UDP'],
    ]);
    expect(explained('dev/client > dns:prod/fixed 80', [toWeb]).lookup?.decision).to.equal('allow');
  });

  it('explains one lookup of each decision, those denied first', () => {
    const server = (name: string) => ({ namespace: 'kube-system', name, labels: { 'k8s-app': 'kube-dns', pod: name } });
    const world = { ...SERVED, pods: [...SERVED.pods, ...['a', 'b', 'c'].map(server)] };
    const some = policyIn('kube-system', {
      podSelector: { matchExpressions: [{ key: 'pod', operator: 'NotIn', values: ['a'] }] },
    });
    const { lookup, decision } = explained('prod/client > dns:prod/one 80', [some], world);
    expect([lookup?.decision, decision]).to.deep.equal(['unknown', 'unknown']);
    expect(lookup?.explanations.map((one) => [one.to, one.decision])).to.deep.equal([
      ['kube-system/b', 'deny'],
      ['kube-system/a', 'allow'],
    ]);
  });

  it('can explain no lookup if nobody knows the servers', () => {
    const world = { ...SERVED, dns: { namespace: { name: 'kube-system' }, pods: [] } };
    expect(explained('prod/client > dns:prod/one 80', [toWeb], world).lookup).to.deep.equal({
      decision: 'unknown',
      explanations: [],
    });
    expect(explained('dev/client > dns:prod/one 80', [toWeb], world).lookup).to.deep.equal({
      decision: 'allow',
      explanations: [],
    });
  });
});
