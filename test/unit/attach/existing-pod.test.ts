import { expect } from 'chai';
import { existingPod, isExisting, isRunning } from '../../../src/attach/existing-pod.ts';
import type { HostEndpoint, PodEndpoint } from '../../../src/deploy/endpoint.ts';
import { podObject } from './fake-cluster.ts';

describe('existingPod', () => {
  it('reports where the pod is, and that it is not ours', () => {
    const pod = existingPod(podObject('prod/web'), null);
    expect(pod).to.deep.include({ endpoint: 'prod/web', namespace: 'prod', pod: 'web', node: 'n1', uid: 'uid-of-web' });
    expect(pod).to.deep.include({ addresses: ['10.0.0.1'], containers: ['app'], restarts: 0, proxy: null });
    expect(pod).to.deep.include({ hostNetwork: false, isStatic: false });
    expect(isExisting(pod)).to.equal(true);
    const nothing = { addresses: [], ports: [] };
    const own: PodEndpoint = { kind: 'pod', endpoint: 'a/b', namespace: 'a', pod: 'b', node: 'n', ...nothing };
    const host: HostEndpoint = { kind: 'host', endpoint: 'host:a', container: 'a', ...nothing };
    expect([own, host].map(isExisting)).to.deep.equal([false, false]);
  });

  it('has the ports that containers and sidecars declare, each once, TCP if nothing else is said', () => {
    const spec = {
      containers: [
        {
          name: 'app',
          ports: [
            { containerPort: 80, name: 'http' },
            { containerPort: 53, protocol: 'UDP' as const },
          ],
        },
        { name: 'twin', ports: [{ containerPort: 80, protocol: 'TCP' as const }, { containerPort: 53 }] },
      ],
      initContainers: [
        { name: 'sidecar', restartPolicy: 'Always', ports: [{ containerPort: 9000 }] },
        { name: 'setup', ports: [{ containerPort: 9999 }] },
      ],
    };
    const ports = existingPod(podObject('prod/web', { spec }), null).ports.map(
      (port) => `${port.number}/${port.protocol}`,
    );
    expect(ports).to.have.members(['80/TCP', '53/UDP', '53/TCP', '9000/TCP']).and.to.have.length(4);
  });

  it('has the ports that were asked for in place of those', () => {
    const asked = [{ number: 443, protocol: 'TCP' as const }];
    expect(existingPod(podObject('prod/web'), asked).ports).to.deep.equal(asked);
    expect(existingPod(podObject('prod/web', { spec: { containers: [{ name: 'app' }] } }), null).ports).to.deep.equal(
      [],
    );
  });

  it('has every address, and as containers those that run', () => {
    const status = {
      phase: 'Running',
      podIPs: [{ ip: '10.0.0.9' }, { ip: 'fd00::9' }],
      containerStatuses: [
        { name: 'dead', restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } },
        { name: 'app', restartCount: 1, state: { running: {} } },
      ],
      initContainerStatuses: [
        { name: 'setup', restartCount: 0, state: { terminated: {} } },
        { name: 'sidecar', restartCount: 1, state: { running: {} } },
      ],
    };
    const pod = existingPod(podObject('prod/web', { status }), null);
    expect(pod).to.deep.include({ addresses: ['10.0.0.9', 'fd00::9'], containers: ['app', 'sidecar'], restarts: 5 });
  });

  it('knows static pods, and those in the network of their node', () => {
    const metadata = { name: 'etcd', namespace: 'kube-system', annotations: { 'kubernetes.io/config.mirror': 'abc' } };
    const pod = existingPod(podObject('kube-system/etcd', { metadata, spec: { hostNetwork: true } }), null);
    expect(pod).to.deep.include({ isStatic: true, hostNetwork: true });
  });

  it('knows the proxies of service meshes, as containers, sidecars or without either', () => {
    const proxyOf = (changes: Parameters<typeof podObject>[1]) =>
      existingPod(podObject('prod/web', changes), null).proxy;
    expect(proxyOf({ spec: { containers: [{ name: 'app' }, { name: 'istio-proxy' }] } })).to.equal('istio-proxy');
    const sidecar = { name: 'linkerd-proxy', restartPolicy: 'Always' };
    expect(proxyOf({ spec: { containers: [{ name: 'app' }], initContainers: [sidecar] } })).to.equal('linkerd-proxy');
    expect(proxyOf({ spec: { initContainers: [{ name: 'istio-proxy' }] } })).to.equal(null);
    const annotated = (value: string) => ({
      metadata: { name: 'web', namespace: 'prod', annotations: { 'ambient.istio.io/redirection': value } },
    });
    expect(proxyOf(annotated('enabled'))).to.equal('ztunnel');
    expect(proxyOf(annotated('disabled'))).to.equal(null);
  });
});

describe('isRunning', () => {
  const { status, metadata } = podObject('prod/web');

  it('takes a pod that runs and has an address', () => {
    expect(isRunning(podObject('prod/web'))).to.equal(true);
    expect(isRunning(podObject('prod/web', { status: { phase: 'Running', podIP: '10.0.0.1' } }))).to.equal(true);
  });

  for (const [what, changes] of Object.entries({
    'has ended': { status: { ...status, phase: 'Succeeded' } },
    'is about to start': { status: { ...status, phase: 'Pending' } },
    'has no address yet': { status: { phase: 'Running' } },
    'is being deleted': { metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } },
  }))
    it(`passes over one that ${what}`, () => {
      expect(isRunning(podObject('prod/web', changes))).to.equal(false);
    });
});
