import { expect } from 'chai';
import { pairPolicies } from '../../../src/diagnose/index.ts';
import { type Case, closed, diagnosed, pods, policy } from './fixture.ts';

const planned = (given: Case) => pairPolicies(diagnosed(given).facts);

const out = policy('dev/out', { podSelector: {}, policyTypes: ['Egress'] });
const named = (name: string) => ({ matchLabels: { 'kubernetes.io/metadata.name': name } });

describe('a temporary allow-all', () => {
  it('is for just this pair, and only on sides that a policy isolates: it would cut off the others of any other', () => {
    const ingress = {
      ...{ namespace: 'prod', direction: 'ingress', selects: 'prod/web' },
      spec: {
        podSelector: { matchLabels: { app: 'web' } },
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ namespaceSelector: named('dev'), podSelector: { matchLabels: { app: 'client' } } }] }],
      },
    };
    const egress = {
      ...{ namespace: 'dev', direction: 'egress', selects: 'dev/client' },
      spec: {
        podSelector: { matchLabels: { app: 'client' } },
        policyTypes: ['Egress'],
        egress: [{ to: [{ namespaceSelector: named('prod'), podSelector: { matchLabels: { app: 'web' } } }] }],
      },
    };
    expect(planned({ policies: [closed] })).to.deep.equal({ value: [ingress] });
    expect(planned({ policies: [closed], to: 'svc:prod/web' })).to.deep.equal({ value: [ingress] });
    expect(planned({ policies: [closed, out] })).to.deep.equal({ value: [egress, ingress] });
    expect(planned({})).to.deep.equal({ missing: 'no policy isolates either end, so it would change nothing' });
  });

  it('lets out to an address outside', () => {
    const to = planned({ policies: [out], to: '198.51.100.7' });
    expect(JSON.stringify(to)).to.contain('"egress":[{"to":[{"ipBlock":{"cidr":"198.51.100.7/32"}}]}]');
  });

  it('is not made if labels do not single the pods out, or if the policies are not known', () => {
    const twin = pods.map((pod) => (pod.endpoint === 'prod/monitor' ? { ...pod, labels: { app: 'web' } } : pod));
    expect(planned({ policies: [closed], facts: { pods: twin } })).to.deep.equal({
      missing: 'no labels single out prod/web: prod/monitor has them, too',
    });
    const bare = pods.map((pod) => (pod.endpoint === 'dev/client' ? { ...pod, labels: {} } : pod));
    expect(planned({ policies: [closed], facts: { pods: bare } }))
      .to.have.property('missing')
      .that.contains('dev/client');
    expect(planned({ facts: { policies: { missing: 'no right' } } })).to.deep.equal({ missing: 'no right' });
  });
});
