import { expect } from 'chai';
import { adaptManifest } from '../../../../src/cluster/cni/calico.ts';
import { PodreachError } from '../../../../src/errors.ts';

const manifest = `
# Source: calico/templates/one.yaml
apiVersion: v1
kind: ServiceAccount
metadata: {name: calico-node, namespace: kube-system}
---
---
apiVersion: v1
kind: ConfigMap
metadata: {name: calico-config}
data:
  cni_network_config: |-
    {"mtu": __CNI_MTU__}
  typha: "none"
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: calico-node}
spec:
  template:
    spec:
      initContainers:
        - name: install-cni
          env: [{name: SLEEP, value: "false"}]
          readinessProbe: {periodSeconds: 10}
      containers:
        - name: calico-node
          env: [{name: DATASTORE_TYPE, value: kubernetes}]
          livenessProbe: {exec: {command: [/bin/calico-node, -felix-live]}, periodSeconds: 10}
          readinessProbe: {exec: {command: [/bin/calico-node, -felix-ready]}, periodSeconds: 10, timeoutSeconds: 10}
        - name: sidecar
          env: [{name: OTHER, value: "1"}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: calico-kube-controllers}
spec:
  template:
    spec:
      containers:
        - name: calico-kube-controllers
          env: [{name: ENABLED_CONTROLLERS, value: node}]
          livenessProbe: {exec: {command: [check-status, -l]}, periodSeconds: 10}
          readinessProbe: {exec: {command: [check-status, -r]}, periodSeconds: 10, failureThreshold: 3}
`;

describe('adaptManifest', () => {
  it('keeps every document but empty ones, in order, with what it does not change', () => {
    const documents = adaptManifest(manifest, 'ipv4');
    expect(documents.map((document) => (document as { kind: string }).kind)).to.deep.equal([
      'ServiceAccount',
      'ConfigMap',
      'DaemonSet',
      'Deployment',
    ]);
    expect(documents[0]).to.deep.equal({
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'calico-node', namespace: 'kube-system' },
    });
    expect(documents[1]).to.deep.include({ data: { cni_network_config: '{"mtu": __CNI_MTU__}', typha: 'none' } });
  });

  it('turns usage reporting off in calico-node only, and asks Felix over HTTP each second whether it is ready', () => {
    const [, , daemonSet] = adaptManifest(manifest, 'ipv4');
    expect(daemonSet).to.have.deep.nested.property('spec.template.spec', {
      initContainers: [
        { name: 'install-cni', env: [{ name: 'SLEEP', value: 'false' }], readinessProbe: { periodSeconds: 10 } },
      ],
      containers: [
        {
          name: 'calico-node',
          env: [
            { name: 'DATASTORE_TYPE', value: 'kubernetes' },
            { name: 'FELIX_USAGEREPORTINGENABLED', value: 'false' },
            { name: 'FELIX_HEALTHHOST', value: '127.0.0.1' },
          ],
          livenessProbe: { httpGet: { host: '127.0.0.1', port: 9099, path: '/liveness' }, periodSeconds: 10 },
          readinessProbe: {
            httpGet: { host: '127.0.0.1', port: 9099, path: '/readiness' },
            periodSeconds: 1,
            timeoutSeconds: 10,
          },
        },
        { name: 'sidecar', env: [{ name: 'OTHER', value: '1' }] },
      ],
    });
  });

  it('asks a container each second by an exec only until it is ready', () => {
    const deployment = adaptManifest(manifest, 'ipv4').at(-1);
    const ready = { exec: { command: ['check-status', '-r'] } };
    expect(deployment).to.have.deep.nested.property('spec.template.spec.containers', [
      {
        name: 'calico-kube-controllers',
        env: [{ name: 'ENABLED_CONTROLLERS', value: 'node' }],
        livenessProbe: { exec: { command: ['check-status', '-l'] }, periodSeconds: 10 },
        readinessProbe: { ...ready, periodSeconds: 10, failureThreshold: 3 },
        startupProbe: { ...ready, periodSeconds: 1, failureThreshold: 600 },
      },
    ]);
  });

  it('leaves the probes of a calico-node that answers for more than Felix to an exec', () => {
    const bird = manifest.replace('-felix-ready', '-felix-ready, -bird-ready');
    expect(bird).not.to.equal(manifest);
    const [, , daemonSet] = adaptManifest(bird, 'ipv4');
    const both = { exec: { command: ['/bin/calico-node', '-felix-ready', '-bird-ready'] }, timeoutSeconds: 10 };
    expect(daemonSet).to.have.deep.nested.property('spec.template.spec.containers[0].readinessProbe', {
      ...both,
      periodSeconds: 10,
    });
    expect(daemonSet).to.have.deep.nested.property('spec.template.spec.containers[0].startupProbe', {
      ...both,
      periodSeconds: 1,
      failureThreshold: 600,
    });
  });
});

// https://docs.tigera.io/calico/latest/networking/ipam/ipv6, for clusters that kubeadm made
describe('adaptManifest for IPv6', () => {
  /** As calico-vxlan.yaml has them. */
  const stock = `
kind: ConfigMap
data:
  typha_service_name: "none"
  cni_network_config: |-
    {
      "name": "k8s-pod-network",
      "plugins": [
        {
          "type": "calico",
          "mtu": __CNI_MTU__,
          "ipam": {
              "type": "calico-ipam"
          }
        },
        {"type": "portmap", "snat": true}
      ]
    }
---
kind: DaemonSet
spec:
  template:
    spec:
      initContainers:
        - {name: install-cni, env: [{name: FELIX_IPV6SUPPORT, value: "false"}]}
      containers:
        - name: calico-node
          env:
            - {name: NODENAME, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
            - {name: IP, value: autodetect}
            - {name: CALICO_IPV4POOL_VXLAN, value: CrossSubnet}
            - {name: CALICO_IPV6POOL_VXLAN, value: CrossSubnet}
            - {name: FELIX_IPV6SUPPORT, value: "false"}
            - {name: FELIX_HEALTHENABLED, value: "true"}
`;

  interface Adapted {
    readonly data: { readonly cni_network_config: string };
    readonly spec: {
      readonly template: { readonly spec: Readonly<Record<string, readonly { readonly env: readonly unknown[] }[]>> };
    };
  }
  const adapted = (family: 'ipv4' | 'ipv6' | 'dual') => {
    const [configMap, daemonSet] = adaptManifest(stock, family) as Adapted[];
    const { containers, initContainers } = daemonSet?.spec.template.spec ?? {};
    const cni = JSON.parse(configMap?.data.cni_network_config.replace('__CNI_MTU__', '0') ?? '');
    return { cni, env: containers?.[0]?.env, init: initContainers?.[0]?.env };
  };
  const nodeName = { name: 'NODENAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } };
  const cniWith = (ipam: object) => ({
    name: 'k8s-pod-network',
    plugins: [
      { type: 'calico', mtu: 0, ipam },
      { type: 'portmap', snat: true },
    ],
  });

  it('gives pods addresses of both families, and changes a variable if it stands', () => {
    const { cni, env, init } = adapted('dual');
    expect(cni).to.deep.equal(cniWith({ type: 'calico-ipam', assign_ipv4: 'true', assign_ipv6: 'true' }));
    expect(env).to.deep.equal([
      nodeName,
      { name: 'IP', value: 'autodetect' },
      { name: 'CALICO_IPV4POOL_VXLAN', value: 'CrossSubnet' },
      { name: 'CALICO_IPV6POOL_VXLAN', value: 'CrossSubnet' },
      { name: 'FELIX_IPV6SUPPORT', value: 'true' },
      { name: 'FELIX_HEALTHENABLED', value: 'true' },
      { name: 'FELIX_USAGEREPORTINGENABLED', value: 'false' },
      { name: 'FELIX_HEALTHHOST', value: '127.0.0.1' },
      { name: 'IP6', value: 'autodetect' },
      { name: 'CALICO_IPV6POOL_NAT_OUTGOING', value: 'true' },
    ]);
    expect(init).to.deep.equal([{ name: 'FELIX_IPV6SUPPORT', value: 'false' }]);
  });

  it('gives pods addresses of IPv6 alone', () => {
    const { cni, env } = adapted('ipv6');
    expect(cni).to.deep.equal(cniWith({ type: 'calico-ipam', assign_ipv4: 'false', assign_ipv6: 'true' }));
    expect(env).to.deep.equal([
      nodeName,
      { name: 'IP', value: 'none' },
      { name: 'CALICO_IPV4POOL_VXLAN', value: 'Never' },
      { name: 'CALICO_IPV6POOL_VXLAN', value: 'CrossSubnet' },
      { name: 'FELIX_IPV6SUPPORT', value: 'true' },
      { name: 'FELIX_HEALTHENABLED', value: 'true' },
      { name: 'FELIX_USAGEREPORTINGENABLED', value: 'false' },
      { name: 'FELIX_HEALTHHOST', value: '127.0.0.1' },
      { name: 'IP6', value: 'autodetect' },
      { name: 'CALICO_IPV6POOL_NAT_OUTGOING', value: 'true' },
    ]);
  });

  it('leaves IPv4 as the manifest has it', () => {
    const { cni, env } = adapted('ipv4');
    expect(cni).to.deep.equal(cniWith({ type: 'calico-ipam' }));
    expect(env?.slice(0, -2)).to.deep.equal([
      nodeName,
      { name: 'IP', value: 'autodetect' },
      { name: 'CALICO_IPV4POOL_VXLAN', value: 'CrossSubnet' },
      { name: 'CALICO_IPV6POOL_VXLAN', value: 'CrossSubnet' },
      { name: 'FELIX_IPV6SUPPORT', value: 'false' },
      { name: 'FELIX_HEALTHENABLED', value: 'true' },
    ]);
  });

  it('refuses a manifest that it would leave without IPv6', () => {
    const foreign = stock.replace('calico-ipam', 'host-local');
    for (const family of ['ipv6', 'dual'] as const)
      expect(() => adaptManifest(foreign, family)).to.throw(
        PodreachError,
        'no IPAM configuration in which IPv6 can be turned on',
      );
    expect(adaptManifest(foreign, 'ipv4')).to.have.length(2);
  });
});
