import { expect } from 'chai';
import { judge, predict, type Situation, whyOf } from '../../../src/matrix/index.ts';
import type { Observation, Verdict } from '../../../src/probe/index.ts';
import { explanationSummary } from '../../../src/report/explain/index.ts';
import { type Probe, probeKey } from '../../../src/scenario/index.ts';
import { load } from '../scenario/temporary-folder.ts';

const YAML = `namespaces:
  prod:
    pods:
      web: {labels: {app: web}, ports: [8080], readiness: 8080, address: [10.0.0.1, "fd00::1"]}
      client: {address: [10.0.0.2, "fd00::2"]}
services: {prod/web: {port: 80, targetPort: 8080, dns: true}}
`;
const policy = (spec: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: prod}
spec: ${spec}
`;

const situationOf = async (spec: string, families: Situation['families'] = ['IPv4']): Promise<Situation> => {
  const [scenario] = await load({ 'scenario.yaml': YAML, 'policies/p.yaml': policy(spec) });
  const [step] = scenario?.steps ?? [];
  if (!scenario || !step) return expect.fail('no scenario');
  return { topology: scenario.steps[0].topology, policies: step.policies, families: families ?? ['IPv4'] };
};

/** Why a probe came out as it did, where the other was expected. */
const why = (situation: Situation, probe: Probe, verdict: Verdict): readonly string[] => {
  const observed: Observation = { ...probe, verdict, flaky: false, attempts: 1, detail: '' };
  const expectation = verdict === 'allowed' ? 'deny' : 'allow';
  const cells = judge([{ ...probe, expectation }], [observed], predict(situation));
  const { explained, advice } = whyOf(cells, situation).get(probeKey(probe)) ?? expect.fail('it is not explained');
  return explanationSummary(explained, advice);
};
const toService = { from: 'prod/client', to: 'svc:prod/web', port: 80, protocol: 'TCP' } as const;
const CLOSED = '{podSelector: {matchLabels: {app: web}}, ingress: [{ports: [{port: 80}]}]}';

describe('whyOf, of Services', () => {
  it("explains what the policies do to the backend, on the backend's port", async () => {
    const lines = await why(await situationOf(CLOSED), toService, 'dropped');
    expect(lines[0]).to.equal('policies act on the pod behind the Service, prod/web 8080/TCP');
    expect(lines[1]).to.match(/^ingress of prod\/web: denied; prod\/p selects it: app=web/);
    expect(lines.at(-1)).to.match(/^to open it: /);
    expect(lines.at(-1)).to.contain('port: 8080}');
  });

  it('says that the name cannot be looked up', async () => {
    const shut = '{podSelector: {}, policyTypes: [Egress], egress: [{to: [{podSelector: {}}]}]}';
    const lines = await why(await situationOf(shut), { ...toService, to: 'dns:prod/web' }, 'dropped');
    expect(lines[0]).to.equal("prod/client can't look the name up: policies block it from the cluster's DNS");
  });
});

describe('whyOf, over two families', () => {
  const block = '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: "fd00::/64"}}]}]}';
  const toWeb = { from: 'prod/client', to: 'prod/web', port: 8080, protocol: 'TCP' } as const;

  it('explains each by its own addresses', async () => {
    const situation = await situationOf(block, ['IPv4', 'IPv6']);
    const four = why(situation, { ...toWeb, family: 'IPv4' }, 'dropped');
    const six = why(situation, { ...toWeb, family: 'IPv6' }, 'allowed');
    expect(four[0]).to.match(/^ingress of prod\/web: denied/);
    expect(six.join('\n')).to.match(/ingress of prod\/web: allowed by prod\/p rule 1/);
  });
});

describe('whyOf, of the kubelet', () => {
  it('explains a pod that did not stay ready, though no policy may keep its kubelet out', async () => {
    const probe = { from: 'kubelet', to: 'prod/web', port: 8080, protocol: 'TCP' } as const;
    const lines = await why(await situationOf('{podSelector: {}, ingress: []}'), probe, 'dropped');
    expect(lines.join('\n')).to.contain('ingress of prod/web: allowed, because traffic between a pod and its own node');
  });
});
