import { expect } from 'chai';
import { adaptManifest } from '../../../src/cluster/calico.ts';

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
          livenessProbe: {periodSeconds: 10}
          readinessProbe: {exec: {command: [calico-node, -felix-ready]}, periodSeconds: 10}
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
          readinessProbe: {periodSeconds: 10}
`;

describe('adaptManifest', () => {
  it('keeps every document but empty ones, in order, with what it does not change', () => {
    const documents = adaptManifest(manifest);
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

  it('turns usage reporting off in calico-node only, and asks each second whether a container is ready', () => {
    const [, , daemonSet, deployment] = adaptManifest(manifest);
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
          ],
          livenessProbe: { periodSeconds: 10 },
          readinessProbe: { exec: { command: ['calico-node', '-felix-ready'] }, periodSeconds: 1 },
        },
        { name: 'sidecar', env: [{ name: 'OTHER', value: '1' }] },
      ],
    });
    expect(deployment).to.have.deep.nested.property('spec.template.spec.containers', [
      {
        name: 'calico-kube-controllers',
        env: [{ name: 'ENABLED_CONTROLLERS', value: 'node' }],
        readinessProbe: { periodSeconds: 1 },
      },
    ]);
  });
});
