import { expect } from 'chai';
import { controlPodsOf, nodePodsOf, placementOf } from '../../../src/deploy/placement.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { Node, Topology } from '../../../src/scenario/index.ts';

const pod = (name: string) => ({ endpoint: `prod/${name}`, namespace: 'prod', name, labels: {}, ports: [] });
const node = (name: string, there: boolean): Node => ({
  endpoint: `node:${name}`,
  name,
  runs: { pod: 'prod/b', there },
  ports: [{ number: 9100, protocol: 'TCP' }],
});
const topologyWith = (...nodes: readonly Node[]): Topology => ({
  ...{ hosts: [], services: [], nodes },
  namespaces: [{ name: 'prod', labels: {}, pods: ['a', 'b', 'c'].map(pod) }],
});
const nodes = (...names: readonly string[]) =>
  names.map((name) => ({ name, hostname: `${name}.local`, addresses: ['172.18.0.2'] }));

describe('placementOf', () => {
  const placed = (topology: Topology, ...names: readonly string[]) =>
    placementOf(topology, nodes(...names)).map(({ pod: { name }, hostname, pinned }) => [name, hostname, pinned]);

  it('spreads the pods over the nodes, each of which another will do for', () => {
    expect(placed(topologyWith(), 'n1', 'n2')).to.deep.equal([
      ['a', 'n1.local', false],
      ['b', 'n2.local', false],
      ['c', 'n1.local', false],
    ]);
  });

  it('leaves the pod that chooses a node if it is', () => {
    const [a, b] = placed(topologyWith(node('own', true)), 'n1', 'n2');
    expect(a?.[2]).to.equal(false);
    expect(b).to.deep.equal(['b', 'n2.local', true]);
  });
});

describe('nodePodsOf', () => {
  const nodePods = (topology: Topology, ...names: readonly string[]) => {
    const all = nodes(...names);
    return nodePodsOf(topology, placementOf(topology, all), all, 'podreach-nodes-x7k2a');
  };

  it("stand on the pod's node, or on another, and share its network", () => {
    const [own, other] = nodePods(topologyWith(node('own', true), node('other', false)), 'n1', 'n2');
    expect(own).to.deep.equal({
      pod: { ...{ endpoint: 'node:own', name: 'own', labels: {}, hostNetwork: true }, ports: node('own', true).ports },
      namespace: 'podreach-nodes-x7k2a',
      hostname: 'n2.local',
      pinned: true,
    });
    expect(other).to.include({ hostname: 'n1.local', pinned: true });
  });

  it('need a second node if one is asked for, and say so', () => {
    expect(nodePods(topologyWith(node('own', true)), 'n1')[0]?.hostname).to.equal('n1.local');
    expect(() => nodePods(topologyWith(node('other', false)), 'n1')).to.throw(
      PodreachError,
      'node:other must be another node than that of prod/b, but the cluster has only one',
    );
  });
});

describe('controlPodsOf', () => {
  const asked: Topology = {
    ...topologyWith(),
    namespaces: [{ name: 'prod', labels: { a: 'b' }, pods: [pod('a'), { ...pod('b'), readiness: 8080 }] }],
  };

  it('are two on each node, that their kubelet asks as it asks those of the scenario', () => {
    const controls = controlPodsOf(asked, nodes('n1', 'n2'), 'podreach-nodes-x');
    expect(controls.map(({ hostname, role, pod: { hasToAnswer } }) => [hostname, role, hasToAnswer])).to.deep.equal([
      ['n1.local', 'steady', false],
      ['n1.local', 'switched', true],
      ['n2.local', 'steady', false],
      ['n2.local', 'switched', true],
    ]);
    for (const { pinned, namespace } of controls) expect([pinned, namespace]).to.deep.equal([true, 'podreach-nodes-x']);
    expect(new Set(controls.map((one) => one.pod.name)).size).to.equal(4);
    for (const one of controls) {
      expect(one.pod.labels).to.deep.equal({});
      expect(one.pod.ports).to.deep.equal([{ number: one.pod.readiness, protocol: 'TCP' }]);
    }
  });

  it('are none if no pod is asked', () => {
    expect(controlPodsOf(topologyWith(), nodes('n1'), 'podreach-nodes-x')).to.deep.equal([]);
  });
});
