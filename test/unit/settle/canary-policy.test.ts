import { expect } from 'chai';
import { compile, type Decision, decide, type Protocol, readPolicies, type World } from '../../../src/model/index.ts';
import {
  admitOnly,
  markTurn,
  OPEN_PORT,
  POST_LABEL,
  POST_PORTS,
  TURN_LABEL,
} from '../../../src/settle/canary-policy.ts';

const TURN = { [TURN_LABEL]: '3' };
const [PORT = 0, OTHER_PORT = 0] = POST_PORTS;
const policy = () => admitOnly('canary-1', 'own', PORT, 3);
const WORLD: World = {
  namespaces: [{ name: 'own', labels: TURN }, { name: 'other' }],
  pods: [
    { namespace: 'own', name: 'canary-1', labels: { [POST_LABEL]: 'canary-1' } },
    { namespace: 'own', name: 'canary-2', labels: { [POST_LABEL]: 'canary-2' } },
    { namespace: 'own', name: 'prober', labels: TURN },
    { namespace: 'own', name: 'late', labels: { [TURN_LABEL]: '2' } },
    { namespace: 'other', name: 'prober', labels: TURN },
  ],
};

describe('the policy of a canary', () => {
  const cases: readonly [from: string, to: string, port: number, protocol: Protocol, Decision][] = [
    ['own/prober', 'own/canary-1', PORT, 'TCP', 'allow'],
    ['own/prober', 'own/canary-1', OTHER_PORT, 'TCP', 'deny'],
    ['own/prober', 'own/canary-1', PORT, 'UDP', 'deny'],
    ['own/late', 'own/canary-1', PORT, 'TCP', 'deny'],
    ['other/prober', 'own/canary-1', PORT, 'TCP', 'deny'],
    ['own/late', 'own/canary-1', OPEN_PORT, 'TCP', 'allow'],
    ['other/prober', 'own/canary-1', OPEN_PORT, 'TCP', 'allow'],
    ['own/late', 'own/canary-1', OPEN_PORT, 'UDP', 'deny'],
    ['other/prober', 'own/canary-2', OTHER_PORT, 'TCP', 'allow'],
    ['own/canary-1', 'own/canary-2', OTHER_PORT, 'TCP', 'allow'],
  ];
  for (const [from, to, port, protocol, decision] of cases)
    it(`means ${decision} from ${from} to ${to} at ${port}/${protocol}`, () => {
      const model = compile(WORLD, readPolicies([policy()]));
      expect(decide(model, { from, to, port, protocol })).to.equal(decision);
    });

  it('is a NetworkPolicy of its own name, for ingress alone', () => {
    expect(policy()).to.deep.include({
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
      metadata: { name: 'canary-1', namespace: 'own' },
    });
    expect(policy().spec).to.have.deep.property('policyTypes', ['Ingress']);
  });

  it('is met by what a turn labels', () => {
    expect(markTurn(3)).to.deep.equal({ metadata: { labels: TURN } });
  });
});
