import { expect } from 'chai';
import { backendsIn, serviceFact } from '../../../src/diagnose/services.ts';

const service = (spec: object) => serviceFact({ metadata: { namespace: 'prod', name: 'web' }, spec });

describe('a Service of the cluster', () => {
  it('has addresses, and the target of each port', () => {
    const ports = [
      { port: 80, targetPort: 'http', name: 'http' },
      { port: 53, protocol: 'UDP' },
    ];
    expect(
      service({ selector: { app: 'web' }, clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9', 'fd00::9'], ports }),
    ).to.deep.equal({
      ...{ namespace: 'prod', name: 'web', selector: { app: 'web' }, addresses: ['10.96.0.9', 'fd00::9'] },
      ports: [
        { number: 80, protocol: 'TCP', target: 'http', name: 'http' },
        { number: 53, protocol: 'UDP', target: 53 },
      ],
    });
    expect(service({ selector: { app: 'web' }, clusterIP: 'None' })?.addresses).to.deep.equal([]);
  });

  it('says nothing about its pods without a selector', () => {
    expect(service({ clusterIP: '10.96.0.9' })).to.equal(null);
    expect(service({ type: 'ExternalName', externalName: 'example.org', selector: { app: 'web' } })).to.equal(null);
  });

  it('has behind a port what its slices list for it, ready or not', () => {
    const ref = (name: string) => ({ kind: 'Pod', namespace: 'prod', name });
    const slice = {
      metadata: { name: 'web-1' },
      ports: [
        { name: 'http', port: 8080, protocol: 'TCP' },
        { name: 'admin', port: 9000 },
      ],
      endpoints: [
        { addresses: ['10.0.0.1'], targetRef: ref('a'), conditions: { ready: true } },
        { addresses: ['10.0.0.2'], targetRef: ref('b'), conditions: { ready: false } },
        { addresses: ['198.51.100.7'] },
      ],
    };
    expect(backendsIn([slice, slice], { number: 80, protocol: 'TCP', name: 'http', target: 'http' })).to.deep.equal([
      { endpoint: 'prod/a', port: 8080, ready: true },
      { endpoint: 'prod/b', port: 8080, ready: false },
      { endpoint: '198.51.100.7', port: 8080, ready: true },
    ]);
    expect(
      backendsIn(
        [{ ...slice, ports: null as never }].map(({ ports: _, ...one }) => one),
        { number: 80, protocol: 'TCP', target: 80 },
      ),
    ).to.deep.equal([]);
  });
});
