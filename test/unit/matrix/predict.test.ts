import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type Addresses, judgePredicted, predict, statusOf, worldOf } from '../../../src/matrix/index.ts';
import { readPolicies } from '../../../src/model/index.ts';
import { loadScenarios, type Pod, type ReadPolicy, type Topology } from '../../../src/scenario/index.ts';

const pod = (endpoint: string, more: Partial<Pod> = {}): Pod => {
  const [namespace = '', name = ''] = endpoint.split('/');
  return { endpoint, namespace, name, labels: {}, ports: [], ...more };
};

const topology: Topology = {
  hosts: [],
  nodes: [],
  services: [],
  namespaces: [
    {
      name: 'prod',
      labels: { environment: 'prod' },
      pods: [
        pod('prod/db', {
          labels: { app: 'db' },
          ports: [
            { number: 80, protocol: 'TCP' },
            { number: 5432, protocol: 'TCP', name: 'sql' },
          ],
        }),
      ],
    },
    { name: 'dev', labels: {}, pods: [pod('dev/client', { labels: { role: 'client' }, addresses: ['10.0.0.1'] })] },
    { name: 'qa', labels: { team: 'qa' }, pods: [pod('qa/client')] },
  ],
};

const policyOf = (spec: object): ReadPolicy => {
  const manifest = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'p', namespace: 'prod' },
    spec,
  };
  const [read] = readPolicies([manifest]);
  return { name: 'p', namespace: 'prod', manifest, file: 'policies/p.yaml', line: 1, spec: read as ReadPolicy['spec'] };
};

/** Who may reach prod/db on which port: `dev/client 80` each. */
const allowed = (spec: object, addresses: Addresses = new Map()) =>
  predict({ topology, policies: [policyOf(spec)], addresses }).map(
    ({ from, port, decision }) => `${from} ${port} ${decision}`,
  );
const block = { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/24' } }], ports: [{ port: 80 }] }] };

describe('predict', () => {
  it('decides every probe, row by row, a pod to itself included', () => {
    expect(predict({ topology, policies: [] })).to.deep.equal(
      ['prod/db', 'dev/client', 'qa/client'].flatMap((from) =>
        [80, 5432].map((port) => ({ from, to: 'prod/db', port, protocol: 'TCP', decision: 'allow', leftOpen: false })),
      ),
    );
  });

  it('gives the model the labels of namespaces and pods, and the names of ports', () => {
    const spec = {
      podSelector: { matchLabels: { app: 'db' } },
      ingress: [
        { from: [{ namespaceSelector: { matchLabels: { team: 'qa' } } }], ports: [{ port: 'sql' }] },
        { from: [{ namespaceSelector: {}, podSelector: { matchLabels: { role: 'client' } } }], ports: [{ port: 80 }] },
      ],
    };
    expect(allowed(spec)).to.deep.equal([
      'prod/db 80 allow',
      'prod/db 5432 allow',
      'dev/client 80 allow',
      'dev/client 5432 deny',
      'qa/client 80 deny',
      'qa/client 5432 allow',
    ]);
  });

  it('knows the addresses that pods are pinned to, and no others', () => {
    expect(allowed(block).filter((line) => line.includes(' 80'))).to.deep.equal([
      'prod/db 80 allow',
      'dev/client 80 allow',
      'qa/client 80 unknown',
    ]);
  });

  it('takes the addresses that pods really have before those that they were to have', () => {
    const addresses = new Map([
      ['dev/client', ['192.168.0.1']],
      ['qa/client', ['10.0.0.9']],
    ]);
    expect(allowed(block, addresses).filter((line) => line.includes(' 80'))).to.deep.equal([
      'prod/db 80 allow',
      'dev/client 80 deny',
      'qa/client 80 allow',
    ]);
  });
});

describe('predict with hosts outside the cluster', () => {
  const outside: Topology = {
    ...topology,
    hosts: [
      {
        endpoint: 'host:office',
        name: 'office',
        addresses: ['172.17.5.10'],
        ports: [{ number: 443, protocol: 'TCP' }],
      },
      { endpoint: 'host:lab', name: 'lab', addresses: ['172.17.1.10'], ports: [] },
    ],
  };
  const decided = (...specs: readonly object[]) =>
    predict({ topology: outside, policies: specs.map(policyOf) }).map(
      ({ from, to, port, decision }) => `${from} > ${to} ${port} ${decision}`,
    );
  const aboutHosts = (lines: readonly string[]) => lines.filter((line) => line.includes('host:'));
  // The example of https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource
  const block = { ipBlock: { cidr: '172.17.0.0/16', except: ['172.17.1.0/24'] } };

  it('decides what goes to and from hosts, and never from host to host', () => {
    const open = ['prod/db', 'dev/client', 'qa/client'].flatMap((from) => [
      `${from} > prod/db 80 allow`,
      `${from} > prod/db 5432 allow`,
      `${from} > host:office 443 allow`,
    ]);
    const inward = ['host:office', 'host:lab'].flatMap((from) => [
      `${from} > prod/db 80 allow`,
      `${from} > prod/db 5432 allow`,
    ]);
    expect(decided()).to.deep.equal([...open, ...inward]);
  });

  it('lets in by the address, and never by selectors of pods and namespaces', () => {
    const byBlock = decided({ podSelector: {}, ingress: [{ from: [block], ports: [{ port: 80 }] }] });
    expect(aboutHosts(byBlock).filter((line) => line.startsWith('host:'))).to.deep.equal([
      'host:office > prod/db 80 allow',
      'host:office > prod/db 5432 deny',
      'host:lab > prod/db 80 deny',
      'host:lab > prod/db 5432 deny',
    ]);
    const bySelector = decided({ podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] });
    expect(bySelector.filter((line) => line.startsWith('host:') && line.endsWith('allow'))).to.deep.equal([]);
    expect(bySelector).to.include('dev/client > prod/db 80 allow');
  });

  it('lets out by the address, and isolates no host', () => {
    const lines = decided({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [block] }] });
    expect(lines).to.include('prod/db > host:office 443 allow');
    const elsewhere = { ipBlock: { cidr: '172.17.1.0/24' } };
    const shut = decided({ podSelector: {}, policyTypes: ['Egress'], egress: [{ to: [elsewhere] }] });
    expect(aboutHosts(shut)).to.deep.equal([
      'prod/db > host:office 443 deny',
      'dev/client > host:office 443 allow',
      'qa/client > host:office 443 allow',
      'host:office > prod/db 80 allow',
      'host:office > prod/db 5432 allow',
      'host:lab > prod/db 80 allow',
      'host:lab > prod/db 5432 allow',
    ]);
  });

  it('gives the model each host with its one address', () => {
    expect(worldOf({ topology: outside }).hosts).to.deep.equal([
      { name: 'office', addresses: ['172.17.5.10'] },
      { name: 'lab', addresses: ['172.17.1.10'] },
    ]);
  });
});

describe('the scenarios that come with podreach', () => {
  it('expect, in every cell, what the model predicts', async () => {
    const scenarios = await loadScenarios([fileURLToPath(new URL('../../../scenarios', import.meta.url))]);
    for (const { name, steps } of scenarios)
      for (const { expected, topology: pods, policies } of steps) {
        const cells = judgePredicted(expected, predict({ topology: pods, policies }));
        expect(statusOf(cells), name).to.equal('pass');
        expect(new Set(cells.map(({ status }) => status)), name).to.have.keys('match', 'self');
      }
  });
});

describe('worldOf', () => {
  it('holds every namespace and pod', () => {
    const { namespaces, pods } = worldOf({ topology });
    expect(namespaces).to.deep.equal([
      { name: 'prod', labels: { environment: 'prod' } },
      { name: 'dev', labels: {} },
      { name: 'qa', labels: { team: 'qa' } },
    ]);
    expect(pods.map(({ namespace, name, addresses }) => [namespace, name, addresses])).to.deep.equal([
      ['prod', 'db', []],
      ['dev', 'client', ['10.0.0.1']],
      ['qa', 'client', []],
    ]);
  });
});
