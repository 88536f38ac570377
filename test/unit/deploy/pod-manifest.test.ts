import { expect } from 'chai';
import { renamed, suffixOf } from '../../../src/deploy/cluster-name.ts';
import { hostnameOf } from '../../../src/deploy/endpoint.ts';
import { podManifest, type ReadinessOf } from '../../../src/deploy/pod-manifest.ts';
import { SERVE_SCRIPT } from '../../../src/deploy/serve-script.ts';
import type { Pod } from '../../../src/scenario/index.ts';
import { served } from './served.ts';

const POD = {
  name: 'web',
  labels: { app: 'web' },
  ports: [
    { number: 80, protocol: 'TCP', name: 'http' },
    { number: 53, protocol: 'UDP' },
    { number: 9000, protocol: 'SCTP' },
  ],
} as const;
// biome-ignore lint/suspicious/noExplicitAny: a manifest is plain JSON, read here by its known shape.
const manifestOf = (placement = {}, more: Partial<Pod & ReadinessOf> = {}): any =>
  podManifest({ ...POD, ...more }, { namespace: 'prod-x', image: 'probe:1', ...placement });

/** What the kubelet makes of a command's word that names no variable: `$$` is an escaped `$`. */
const expanded = (word: string): string => word.replace(/\$\$/g, () => '$');

describe('podManifest', () => {
  it("carries exactly the scenario's labels", () => {
    expect(manifestOf().metadata).to.deep.equal({ name: 'web', namespace: 'prod-x', labels: { app: 'web' } });
  });

  it('pins the address that the scenario gives it', () => {
    const annotations = (addresses: readonly string[]) =>
      podManifest({ ...POD, addresses }, { namespace: 'prod-x', image: 'probe:1' }).metadata;
    expect(annotations(['192.168.77.10']))
      .to.have.property('annotations')
      .that.deep.equals({ 'cni.projectcalico.org/ipAddrs': '["192.168.77.10"]' });
    // One of each family: https://docs.tigera.io/calico/latest/networking/ipam/use-specific-ip
    expect(annotations(['192.168.77.10', 'fd00::10']))
      .to.have.property('annotations')
      .that.deep.equals({ 'cni.projectcalico.org/ipAddrs': '["192.168.77.10","fd00::10"]' });
    expect(manifestOf().metadata).not.to.have.property('annotations');
  });

  it("shares its node's network if told to, still asks the cluster's DNS, and sets nothing of the node", () => {
    const { spec } = manifestOf({}, { hostNetwork: true });
    expect(spec.hostNetwork).to.equal(true);
    // Else a hostNetwork pod asks the node's own DNS, which knows no Services (core/v1 PodSpec.dnsPolicy).
    expect(spec.dnsPolicy).to.equal('ClusterFirstWithHostNet');
    // A pod with hostNetwork and a net.* sysctl is refused by the kubelet.
    expect(spec.securityContext).not.to.have.property('sysctls');
    const { spec: other } = manifestOf();
    expect(other).not.to.have.property('dnsPolicy');
    expect(other.securityContext.sysctls).to.deep.equal([{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }]);
  });

  it('lets it ask for an answer if a connection is not enough', () => {
    const [container] = manifestOf({}, { readiness: 80, hasToAnswer: true }).spec.containers;
    expect(container.readinessProbe).to.deep.equal({
      httpGet: { port: 80, path: '/' },
      periodSeconds: 1,
      timeoutSeconds: 1,
      failureThreshold: 1,
    });
  });

  it('has a hostname of its own, which its UDP servers answer with', () => {
    expect(manifestOf().spec.hostname).to.equal(hostnameOf({ namespace: 'prod-x', pod: 'web' }));
  });

  it('lets the kubelet ask each second whether it is ready, and forgives it nothing', () => {
    const [container] = manifestOf({}, { readiness: 80 }).spec.containers;
    expect(container.readinessProbe).to.deep.equal({
      tcpSocket: { port: 80 },
      periodSeconds: 1,
      timeoutSeconds: 1,
      failureThreshold: 1,
    });
    expect(manifestOf().spec.containers[0]).not.to.have.property('readinessProbe');
  });

  it('passes the restricted Pod Security Standard', () => {
    const { spec } = manifestOf();
    const [container] = spec.containers;
    expect(spec.securityContext.runAsNonRoot).to.equal(true);
    expect(spec.securityContext.runAsUser).to.equal(65534);
    expect(spec.securityContext.seccompProfile).to.deep.equal({ type: 'RuntimeDefault' });
    expect(container.securityContext.allowPrivilegeEscalation).to.equal(false);
    expect(container.securityContext.readOnlyRootFilesystem).to.equal(true);
    expect(container.securityContext.capabilities).to.deep.equal({ drop: ['ALL'] });
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC', 'volumes']) expect(spec).not.to.have.property(field);
    expect(spec.automountServiceAccountToken).to.equal(false);
    expect(spec.enableServiceLinks).to.equal(false);
  });

  it('serves TCP by variables whose body names the pod, SCTP by one, UDP by arguments, and declares every port', () => {
    const [container] = manifestOf().spec.containers;
    expect(container.env).to.deep.equal([
      { name: 'PODREACH_TCP', value: '80' },
      { name: 'PODREACH_SCTP', value: '9000' },
      { name: 'SERVE_PORT_80', value: 'prod-x/web:80' },
    ]);
    expect(container.command.map(expanded)).to.deep.equal(['sh', '-c', SERVE_SCRIPT, 'serve', '53']);
    expect(SERVE_SCRIPT).to.contain('$$');
    expect(container.ports).to.deep.equal([
      { containerPort: 80, protocol: 'TCP', name: 'http' },
      { containerPort: 53, protocol: 'UDP' },
      { containerPort: 9000, protocol: 'SCTP' },
    ]);
  });

  it('prefers its node, or insists on it', () => {
    const term = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['n1'] }] };
    expect(manifestOf().spec).not.to.have.property('affinity');
    expect(manifestOf({ hostname: 'n1' }).spec.affinity.nodeAffinity).to.deep.equal({
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: term }],
    });
    expect(manifestOf({ hostname: 'n1', pinned: true }).spec.affinity.nodeAffinity).to.deep.equal({
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
    });
  });
});

describe('the serve script', () => {
  it('ends with 70 when a TCP server dies', async () => {
    const { status } = await served(SERVE_SCRIPT, { env: { PODREACH_TCP: '80' }, agnhost: 'exit 1' });
    expect(status).to.equal(70);
  });

  it('ends with 70 when a UDP server dies', async () => {
    const agnhost = 'case $1 in netexec) exit 1 ;; esac';
    const { status } = await served(SERVE_SCRIPT, { env: { PODREACH_TCP: '80' }, ports: ['53'], agnhost });
    expect(status).to.equal(70);
  });

  it('starts a server for each port of SCTP, and lives on if the kernel opens none', async () => {
    const env = { PODREACH_SCTP: '9000 9001' };
    const { started, status } = await served(SERVE_SCRIPT, { env, agnhost: 'exit 1', endsAfter: 2 });
    expect(status).to.equal(0);
    expect(started).to.deep.equal([
      'netexec --http-port 0 --udp-port -1 --sctp-port 9000',
      'netexec --http-port 0 --udp-port -1 --sctp-port 9001',
    ]);
  });
});

describe('cluster names', () => {
  it('are the same for the same parts and differ for others', () => {
    expect(suffixOf('run', 'a')).to.equal(suffixOf('run', 'a'));
    const all = [suffixOf('run', 'a'), suffixOf('run', 'b'), suffixOf('ru', 'na'), suffixOf('run', 'a', '1')];
    expect(new Set(all).size).to.equal(4);
    for (const suffix of all) expect(suffix).to.match(/^[a-z0-9]{5}$/);
    expect(renamed('prod', 'x7k2a')).to.equal('prod-x7k2a');
  });
});
