import { expect } from 'chai';
import { type Explanation, explain } from '../../../../src/model/explain/explain.ts';
import { compile, readPolicies, type World } from '../../../../src/model/index.ts';
import { policyIn, type RawPeer, type RawPolicy } from '../../../naive/manifest.ts';
import { DUAL_STACK, NODES, WORLD } from '../../../naive/specification/world.ts';
import { probeOf } from './explain-fixture.ts';

const explained = (world: World, probe: string, ...policies: readonly RawPolicy[]): Explanation =>
  explain(compile(world, readPolicies(policies)), probeOf(probe));
const closed = (namespace: string) => policyIn(namespace, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const block = (cidr: string, ...except: readonly string[]): RawPeer => ({ ipBlock: { cidr, except } });
const from = (...peers: readonly RawPeer[]) => policyIn('prod', { podSelector: {}, ingress: [{ from: peers }] });
const to = (...peers: readonly RawPeer[]) =>
  policyIn('prod', { podSelector: {}, policyTypes: ['Egress'], egress: [{ to: peers }] });
const answers = ({ sides }: Explanation) =>
  sides.flatMap(({ policies }) => policies.flatMap(({ rules }) => rules.map(({ answer }) => answer)));
const doubts = ({ sides }: Explanation) =>
  sides.map(({ hangsOn }) => hangsOn.map(({ kind, endpoint }) => `${kind} ${endpoint}`));

describe('explain: doubts', () => {
  it('says what was asked', () => {
    expect(explained(WORLD, 'dev/client > prod/web 80')).to.deep.include(probeOf('dev/client > prod/web 80'));
  });

  it('reports the node of the pod, which is always let through', () => {
    for (const [probe, own] of [
      ['prod/web > node:own 9100', true],
      ['node:own > prod/web 80', true],
      ['kubelet > prod/web 80', true],
      ['node:other > prod/web 80', false],
      ['node:own > dev/client 80', false],
      ['dev/client > prod/web 80', false],
    ] as const)
      expect(
        explained(NODES, probe, closed('prod'), closed('dev')).sides.some(({ ownNode }) => ownNode),
        probe,
      ).to.equal(own);
  });

  it('reports a node that may be that of the pod', () => {
    expect(doubts(explained(NODES, 'node:own > dev/client 80', closed('dev')))).to.deep.equal([
      [],
      ['own-node node:own'],
    ]);
    expect(doubts(explained(NODES, 'dev/client > node:other 9100', closed('dev')))).to.deep.equal([
      ['own-node node:other'],
      [],
    ]);
    const side = explained(NODES, 'node:own > dev/client 80', closed('dev')).sides[1];
    expect(side?.decision).to.equal('unknown');
    expect(doubts(explained(NODES, 'node:other > prod/web 80', from(block('192.168.9.4/32'))))).to.deep.equal([
      [],
      ['address-unknown node:other'],
    ]);
  });

  it('reports addresses of which a block holds some only, at either end', () => {
    const into = explained(DUAL_STACK, 'prod/known > prod/web 80', from(block('10.0.0.0/8')));
    expect([answers(into), doubts(into)]).to.deep.equal([['unknown'], [[], ['addresses prod/known']]]);
    const out = explained(DUAL_STACK, 'prod/web > prod/known 80', to(block('10.0.0.0/8')));
    expect([answers(out), doubts(out)]).to.deep.equal([['unknown'], [['addresses prod/known'], []]]);
  });

  it('is sure of a rule that lets every address through, or none', () => {
    for (const [peers, answer] of [
      [[block('0.0.0.0/0'), block('::/0')], 'yes'],
      [[block('10.0.0.0/8'), block('fd00::/8')], 'yes'],
      [[block('11.0.0.0/8')], 'no'],
    ] as const) {
      expect(answers(explained(DUAL_STACK, 'prod/known > prod/web 80', from(...peers)))).to.deep.equal([answer]);
      expect(answers(explained(DUAL_STACK, 'prod/web > prod/known 80', to(...peers)))).to.deep.equal([answer]);
    }
  });

  it('reports each doubt, and none of a rule that is for other ports', () => {
    const world: World = {
      namespaces: [{ name: 'prod' }],
      pods: [
        { namespace: 'prod', name: 'node', hostNetwork: true },
        { namespace: 'prod', name: 'web' },
      ],
    };
    const onPort = (port: number) =>
      policyIn('prod', { podSelector: {}, ingress: [{ from: [block('10.0.0.0/8')], ports: [{ port }] }] });
    expect(doubts(explained(world, 'prod/node > prod/web 80', onPort(80)))[1]).to.deep.equal([
      'host-network prod/node',
      'address-unknown prod/node',
    ]);
    expect(doubts(explained(world, 'prod/node > prod/web 80', onPort(81)))[1]).to.deep.equal([
      'host-network prod/node',
    ]);
  });

  it('is not sure of a node whose port a rule means by name', () => {
    const named = policyIn('dev', {
      ...{ podSelector: {}, policyTypes: ['Egress'] },
      egress: [{ to: [block('192.168.9.9/32')], ports: [{ port: 'metrics' }] }],
    });
    expect(answers(explained(WORLD, 'dev/client > prod/agent 9100', named))).to.deep.equal(['unknown']);
  });

  it('says why nobody can have an address in a block', () => {
    const reason = (peer: RawPeer) => {
      const [, ingress] = explained(WORLD, 'prod/db > prod/web 80', from(peer)).sides;
      return ingress?.policies[0]?.rules[0]?.peers?.[0];
    };
    expect(reason(block('10.96.0.0/16'))?.reason).to.deep.equal({ kind: 'services', endpoint: 'prod/db' });
    expect(reason(block('11.0.0.0/8', '11.0.0.0/9', '11.128.0.0/9'))?.reason).to.deep.equal({
      kind: 'emptied',
      endpoint: 'prod/db',
    });
    expect(reason(block('0.0.0.0/0'))).to.include({ answer: 'yes', reason: null });
    expect(reason({ podSelector: {} })).to.include({ answer: 'yes', reason: null });
  });
});
