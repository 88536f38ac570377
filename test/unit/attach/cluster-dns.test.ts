import { expect } from 'chai';
import { readClusterDns } from '../../../src/attach/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { Client, KubeObject } from '../../../src/kube/client.ts';
import { DEFAULT_DNS } from '../../../src/model/index.ts';
import { fakeClient } from '../deploy/fake-client.ts';
import { failureOf } from '../failure-of.ts';

const NAMESPACE = '/api/v1/namespaces/kube-system';

/** As `kubectl -n kube-system get pod -o yaml` shows one on a dual-stack cluster of kind. */
const coredns = (name: string, status: object = {}): KubeObject => ({
  metadata: { name, namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns', 'pod-template-hash': '5d8f' } },
  spec: {
    containers: [
      {
        name: 'coredns',
        ports: [
          { containerPort: 53, name: 'dns', protocol: 'UDP' },
          { containerPort: 53, name: 'dns-tcp', protocol: 'TCP' },
        ],
      },
    ],
  },
  status: { phase: 'Running', podIPs: [{ ip: '192.168.77.2' }, { ip: 'fd00:10:244::2' }], ...status },
});

interface Cluster {
  readonly pods?: readonly KubeObject[];
  readonly clusterIP?: string;
}

const clientOf = ({ pods = [coredns('coredns-a')], clusterIP }: Cluster, more: Partial<Client> = {}) => {
  const selectors: (string | undefined)[] = [];
  const client = fakeClient({
    list: async (path, { labelSelector } = {}) => {
      if (path === `${NAMESPACE}/pods`) selectors.push(labelSelector);
      return pods;
    },
    ...more,
  });
  client.objects.set(NAMESPACE, {
    metadata: { name: 'kube-system', labels: { 'kubernetes.io/metadata.name': 'kube-system', team: 'platform' } },
  });
  if (clusterIP !== undefined)
    client.objects.set(`${NAMESPACE}/services/kube-dns`, { metadata: { name: 'kube-dns' }, spec: { clusterIP } });
  return { client, selectors };
};

const addressesIn = async (cluster: Cluster) => {
  const { pods } = await readClusterDns(clientOf(cluster).client);
  return pods.map(({ addresses }) => addresses);
};

describe('readClusterDns', () => {
  it('reports the labels, ports and addresses of the pods k8s-app=kube-dns, and the labels of their namespace', async () => {
    const { client, selectors } = clientOf({});
    expect(await readClusterDns(client)).to.deep.equal({
      namespace: {
        name: 'kube-system',
        labels: { 'kubernetes.io/metadata.name': 'kube-system', team: 'platform' },
      },
      pods: [
        {
          name: 'coredns-a',
          labels: { 'k8s-app': 'kube-dns', 'pod-template-hash': '5d8f' },
          ports: [
            { number: 53, protocol: 'UDP', name: 'dns' },
            { number: 53, protocol: 'TCP', name: 'dns-tcp' },
          ],
          addresses: ['192.168.77.2', 'fd00:10:244::2'],
          hostNetwork: false,
        },
      ],
    });
    expect(selectors).to.deep.equal(['k8s-app=kube-dns']);
  });

  it('reports the addresses of the family in which the Service is asked', async () => {
    expect(await addressesIn({ clusterIP: '10.96.0.10' })).to.deep.equal([['192.168.77.2']]);
    expect(await addressesIn({ clusterIP: 'fd00:10:96::a' })).to.deep.equal([['fd00:10:244::2']]);
    expect(await addressesIn({ clusterIP: 'None' })).to.deep.equal([['192.168.77.2', 'fd00:10:244::2']]);
  });

  it('leaves out pods that answer nobody', async () => {
    const ended = coredns('coredns-b', { phase: 'Failed' });
    const young = coredns('coredns-c', { podIPs: [] });
    expect(await addressesIn({ pods: [ended, young] })).to.deep.equal([]);
  });

  it('assumes what kubeadm installs if the pods may not be read', async () => {
    const refuse = async (): Promise<never> => {
      throw new PodreachError('the API server refused to list pods: 403 Forbidden');
    };
    expect(await readClusterDns(clientOf({}, { list: refuse }).client)).to.equal(DEFAULT_DNS);
    expect(await readClusterDns(clientOf({}, { get: refuse }).client)).to.equal(DEFAULT_DNS);
  });

  it('hides no bug', async () => {
    const broken = async (): Promise<never> => {
      throw new TypeError('a defect');
    };
    expect(await failureOf(readClusterDns(clientOf({}, { list: broken }).client))).to.be.instanceOf(TypeError);
  });
});
