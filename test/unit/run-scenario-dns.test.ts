import { expect } from 'chai';
import { readPolicies, type WorldDns } from '../../src/model/index.ts';
import { runScenario } from '../../src/run-scenario.ts';
import type { ReadPolicy, Topology } from '../../src/scenario/index.ts';
import { fakeDeployment, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';
import { OPEN } from './probe/fake-targets.ts';

const SERVED: Topology = {
  ...topologyOf(),
  services: [
    {
      ...{ namespace: 'prod', name: 'web', selector: {}, headless: false, byName: true, nodePort: null },
      ports: [{ number: 80, protocol: 'TCP', target: 80 }],
    },
  ],
};
const byName = { from: 'prod/client', to: 'dns:prod/web', port: 80, protocol: 'TCP' } as const;

/** prod/client may go out to the pods of prod, and ask for names at one address. */
const policyTo = (cidr: string): ReadPolicy => {
  const manifest = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'out', namespace: 'prod' },
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [{ podSelector: {} }] }, { to: [{ ipBlock: { cidr } }], ports: [{ port: 53, protocol: 'UDP' }] }],
    },
  };
  const place = { file: 'policies/out.yaml', line: 1 };
  const [spec] = readPolicies([manifest], { placeOf: () => ({ ...place, column: 1 }) });
  if (!spec) return expect.fail('no policy');
  return { name: 'out', namespace: 'prod', manifest, ...place, spec };
};

const DNS: WorldDns = {
  namespace: { name: 'kube-system' },
  pods: [{ name: 'coredns', labels: { 'k8s-app': 'kube-dns' }, addresses: ['192.168.77.2'] }],
};

describe('runScenario, of names', () => {
  const modelOf = async (cidr: string, dns?: Promise<WorldDns>) => {
    const deployment = { ...fakeDeployment(topologyOf(), () => OPEN), topology: SERVED };
    const scenario = scenarioOf(
      'names',
      [{ policies: [policyTo(cidr)], expected: [{ ...byName, expectation: 'allow' }] }],
      SERVED,
    );
    const { steps } = await runScenario(scenario, deployment, fakeStage({ ...(dns && { dns }) }));
    return steps[0]?.cells.find(({ to }) => to === 'dns:prod/web')?.model;
  };

  it('predicts lookups at the DNS servers that the cluster has', async () => {
    expect(await modelOf('192.168.77.2/32', Promise.resolve(DNS))).to.equal('allow');
    expect(await modelOf('192.168.77.3/32', Promise.resolve(DNS))).to.equal('deny');
    expect(await modelOf('192.168.77.2/32')).to.equal('unknown');
  });
});
