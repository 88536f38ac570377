import { expect } from 'chai';
import { predict, type Situation } from '../../../src/matrix/index.ts';
import type { WorldDns } from '../../../src/model/index.ts';
import { probeKey } from '../../../src/scenario/index.ts';
import { load } from '../scenario/temporary-folder.ts';

const APP = `  app:
    pods:
      client: {labels: {app: client}, address: [192.168.77.5, "fd00::5"]}
      web: {labels: {app: web}, ports: [80], address: [192.168.77.6, "fd00::6"]}
`;
const KUBE_SYSTEM = `  kube-system:
    labels: {name: kube-system}
    pods:
      coredns: {labels: {k8s-app: kube-dns}, ports: [53/UDP]}
`;

/** The policies let app/client out to pods beside it, and to ask for names at the peer. */
const situationOf = async (peer: string, more: Partial<Situation> = {}, namespaces = APP): Promise<Situation> => {
  const [scenario] = await load({
    'scenario.yaml': `namespaces:\n${namespaces}services: {app/web: {port: 80, dns: true}}\n`,
    'policies/p.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: app}
spec:
  podSelector: {matchLabels: {app: client}}
  policyTypes: [Egress]
  egress:
  - to: [${peer}]
    ports: [{port: 53, protocol: UDP}]
  - to: [{podSelector: {}}]
`,
  });
  if (!scenario) return expect.fail('no scenario');
  return { topology: scenario.steps[0].topology, policies: scenario.steps[0]?.policies ?? [], ...more };
};

const byName = (situation: Situation, family = ''): string | undefined =>
  predict(situation).find((one) => probeKey(one) === `app/client > dns:app/web 80/TCP${family}`)?.decision;

const NAMED = '{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}';
const LABELLED = '{namespaceSelector: {matchLabels: {name: kube-system}}}';
const block = (cidr: string) => `{ipBlock: {cidr: "${cidr}"}}`;

const dnsAt = (...addresses: readonly string[]): WorldDns => ({
  namespace: { name: 'kube-system', labels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  pods: [{ name: 'coredns-a', labels: { 'k8s-app': 'kube-dns' }, addresses }],
});

describe('predict, of names', () => {
  it('takes the DNS servers for those of kubeadm and kind', async () => {
    expect(byName(await situationOf(NAMED))).to.equal('allow');
    expect(byName(await situationOf(LABELLED))).to.equal('deny');
    expect(byName(await situationOf(block('10.96.0.10/32')))).to.equal('deny');
    expect(byName(await situationOf(block('192.168.0.0/16')))).to.equal('unknown');
  });

  it('takes those that the topology has in kube-system instead', async () => {
    expect(byName(await situationOf(LABELLED, {}, APP + KUBE_SYSTEM))).to.equal('allow');
    expect(byName(await situationOf(NAMED, {}, APP + KUBE_SYSTEM))).to.equal('allow');
  });

  it('takes for servers only pods with their label, and those of kubeadm if the topology has none', async () => {
    const server = `{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}`;
    const metrics = '      metrics: {labels: {k8s-app: metrics-server}, ports: [443]}\n';
    expect(byName(await situationOf(server, {}, APP + KUBE_SYSTEM + metrics))).to.equal('allow');
    const others = [`  kube-system:\n    pods:\n${metrics}`, '  kube-system: {}\n'];
    for (const other of others) expect(byName(await situationOf(server, {}, APP + other))).to.equal('allow');
  });

  it('takes those that the cluster has before all others', async () => {
    expect(byName(await situationOf(LABELLED, { dns: dnsAt('192.168.77.2') }))).to.equal('deny');
    expect(byName(await situationOf(block('192.168.77.2/32'), { dns: dnsAt('192.168.77.2') }))).to.equal('allow');
    expect(byName(await situationOf(block('192.168.77.3/32'), { dns: dnsAt('192.168.77.2') }))).to.equal('deny');
  });

  it('does not take the kube-system of the topology, which has another name in the cluster, for that of the servers', async () => {
    const more = { dns: dnsAt('192.168.77.2') };
    for (const peer of [NAMED, LABELLED])
      expect(byName(await situationOf(peer, more, APP + KUBE_SYSTEM))).to.equal('deny');
  });

  it('knows the labels of the namespace of the servers, whatever the topology has', async () => {
    const dns = dnsAt('192.168.77.2');
    const namespace = { ...dns.namespace, labels: { ...dns.namespace.labels, team: 'platform' } };
    const more = { dns: { ...dns, namespace } };
    const peer = '{namespaceSelector: {matchLabels: {team: platform}}}';
    for (const namespaces of [APP, APP + KUBE_SYSTEM])
      expect(byName(await situationOf(peer, more, namespaces))).to.equal('allow');
  });

  it('asks in the family of the servers, whatever family the probe is of', async () => {
    const families = ['IPv4', 'IPv6'] as const;
    const asked = await situationOf(block('192.168.77.2/32'), { families, dns: dnsAt('192.168.77.2') });
    expect(byName(asked, ' IPv4')).to.equal('allow');
    expect(byName(asked, ' IPv6')).to.equal('allow');
    const guessed = await situationOf(block('0.0.0.0/0'), { families });
    expect(byName(guessed, ' IPv4')).to.equal('unknown');
    expect(byName(guessed, ' IPv6')).to.equal('unknown');
  });

  it('is sure of nothing that policies restrict if the cluster has no pod with the label of DNS servers', async () => {
    const dns = { ...dnsAt(), pods: [] };
    const situation = await situationOf(NAMED, { dns });
    expect(byName(situation)).to.equal('unknown');
    const open = predict(situation).find(({ from, to }) => from === 'app/web' && to === 'dns:app/web');
    expect(open?.decision).to.equal('allow');
  });

  it('takes the ranges of Services that are given', async () => {
    const elsewhere = { serviceRanges: ['10.43.0.0/16'] };
    expect(byName(await situationOf(block('10.43.0.10/32'), elsewhere))).to.equal('deny');
    expect(byName(await situationOf(block('10.96.0.10/32'), elsewhere))).to.equal('unknown');
  });
});
