import { expect } from 'chai';
import * as library from '../../../src/model/index.ts';

describe('podreach/model', () => {
  it('is a library with these functions', () => {
    const { advise, compile, decide, explain, explainProbe, isLeftOpen, lint, reachability, readPolicies } = library;
    const world = {
      namespaces: [{ name: 'shop' }],
      pods: [
        { namespace: 'shop', name: 'web', labels: { app: 'web' } },
        { namespace: 'shop', name: 'db', ports: [{ number: 5432, protocol: 'TCP' as const }] },
      ],
      hosts: [{ name: 'office', addresses: ['172.17.5.10'] }],
      services: [
        {
          ...{ namespace: 'shop', name: 'db', selector: {} },
          ports: [{ number: 80, protocol: 'TCP' as const, target: 5432 }],
        },
      ],
    };
    const policies = readPolicies([
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'db', namespace: 'shop' },
        spec: { podSelector: {}, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }] },
      },
    ]);
    const model = compile(world, policies);
    const probe = { from: 'host:office', to: 'shop/db', port: 5432, protocol: 'TCP' as const };
    expect(decide(model, probe)).to.equal('deny');
    expect(decide(model, { ...probe, from: 'shop/web' })).to.equal('allow');
    expect(explain(model, probe).decision).to.equal('deny');
    expect(advise({ world, policies }, probe).changes).to.have.length.above(0);
    expect(reachability(model, [{ number: 5432, protocol: 'TCP' }]).decideProbe(probe)).to.equal('deny');
    expect(lint(model)).to.deep.equal([]);
    const toService = { from: 'shop/web', to: 'svc:shop/db', port: 80, protocol: 'TCP' as const };
    expect([decide(model, toService), isLeftOpen(model, toService)]).to.deep.equal(['allow', false]);
    expect(explainProbe(model, toService)).to.deep.include({
      decision: 'allow',
      backends: [
        { endpoint: 'shop/web', port: 5432, decision: 'allow' },
        { endpoint: 'shop/db', port: 5432, decision: 'allow' },
      ],
    });
  });
});
