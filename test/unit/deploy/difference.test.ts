import { expect } from 'chai';
import { differenceBetween } from '../../../src/deploy/difference.ts';
import { NOTHING_WANTED, type Wanted, wantedFor } from '../../../src/deploy/wanted.ts';
import type { Pod, Topology } from '../../../src/scenario/index.ts';
import { namespace, topology } from './topologies.ts';

const NODES = ['n1', 'n2'].map((name) => ({ name, hostname: name, addresses: [] }));

const wanted = (to: Topology, before?: Wanted) => wantedFor(to, NODES, 'x7k2a', before);

/** What has to happen between two topologies, in short. */
const between = (one: Topology, other: Topology) => {
  const before = wanted(one);
  const difference = differenceBetween(before, wanted(other, before));
  return {
    gone: [...difference.goneNamespaces.map(({ name }) => name), ...difference.gonePods.map(({ pod }) => pod.endpoint)],
    come: [...difference.newNamespaces.map(({ name }) => name), ...difference.newPods.map(({ pod }) => pod.endpoint)],
    labelled: [
      ...difference.relabelledNamespaces.map(({ thing, changes }) => [thing.name, changes]),
      ...difference.relabelledPods.map(({ thing, changes }) => [thing.pod.endpoint, changes]),
    ],
  };
};

describe('differenceBetween', () => {
  const web = { name: 'web', labels: { app: 'web', tier: 'one' } };

  it('is everything, where there was nothing', () => {
    const { newNamespaces, newPods, ...rest } = differenceBetween(
      NOTHING_WANTED,
      wanted(topology(namespace('prod', [web]))),
    );
    expect(newNamespaces.map(({ name }) => name)).to.deep.equal(['prod-x7k2a']);
    expect(newPods.map(({ pod }) => pod.endpoint)).to.deep.equal(['prod/web']);
    expect(Object.values(rest).flat()).to.deep.equal([]);
  });

  it('is nothing between equal topologies', () => {
    const one = topology(namespace('prod', [web], { a: 'b' }));
    expect(between(one, structuredClone(one))).to.deep.equal({ gone: [], come: [], labelled: [] });
  });

  it('leaves pods running whose labels change', () => {
    const before = topology(namespace('prod', [web], { environment: 'prod', team: 'shop' }));
    const after = topology(
      namespace('prod', [{ ...web, labels: { app: 'api', role: 'new' } }], { environment: 'qa', team: 'shop' }),
    );
    expect(between(before, after)).to.deep.equal({
      gone: [],
      come: [],
      labelled: [
        ['prod-x7k2a', { environment: 'qa' }],
        ['prod/web', { app: 'api', role: 'new', tier: null }],
      ],
    });
  });

  it('adds and removes pods, and namespaces with all their pods at once', () => {
    const before = topology(
      namespace('prod', [web, { name: 'old' }]),
      namespace('dev', [{ name: 'x' }, { name: 'y' }]),
    );
    const after = topology(namespace('prod', [web, { name: 'new' }]), namespace('qa', [{ name: 'x' }]));
    expect(between(before, after)).to.deep.equal({
      gone: ['dev-x7k2a', 'prod/old'],
      come: ['qa-x7k2a', 'prod/new', 'qa/x'],
      labelled: [],
    });
  });

  const others: Readonly<Record<string, Partial<Pod>>> = {
    ports: { ports: [{ number: 80, protocol: 'TCP' }] },
    addresses: { addresses: ['10.0.0.1'] },
    network: { hostNetwork: true },
  };
  for (const [what, change] of Object.entries(others))
    it(`replaces a pod that gets other ${what}`, () => {
      const one = topology(namespace('prod', [web]));
      expect(between(one, topology(namespace('prod', [{ ...web, ...change }])))).to.deep.equal({
        gone: ['prod/web'],
        come: ['prod/web'],
        labelled: [],
      });
    });
});

describe('wantedFor', () => {
  const places = ({ pods }: Wanted) => pods.map(({ pod, hostname }) => `${pod.name} ${hostname}`);

  it('leaves pods where they run, and spreads new ones', () => {
    const first = wanted(topology(namespace('prod', [{ name: 'a' }, { name: 'b' }, { name: 'c' }])));
    expect(places(first)).to.deep.equal(['a n1', 'b n2', 'c n1']);
    const next = wanted(
      topology(namespace('prod', [{ name: 'b' }, { name: 'c' }, { name: 'd' }, { name: 'e' }])),
      first,
    );
    expect(places(next)).to.deep.equal(['b n2', 'c n1', 'd n2', 'e n1']);
  });

  it('brings what watches the kubelet as soon as a pod needs it', () => {
    const plain = wanted(topology(namespace('prod', [{ name: 'a' }])));
    expect(plain.namespaces.map(({ own }) => own)).to.deep.equal(['prod']);
    const ready = { name: 'b', ports: [{ number: 80, protocol: 'TCP' as const }], readiness: 80 };
    const next = wanted(topology(namespace('prod', [{ name: 'a' }, ready])), plain);
    expect(next.namespaces.map(({ own }) => own)).to.deep.equal(['prod', null]);
    expect(next.pods.map(({ role }) => role)).to.deep.equal(['pod', 'pod', 'steady', 'switched', 'steady', 'switched']);
  });
});
