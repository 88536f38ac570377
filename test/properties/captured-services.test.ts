import { expect } from 'chai';
import fc from 'fast-check';
import type { ClusterService } from '../../src/capture/cluster-state.ts';
import { condense, createLikeCell } from '../../src/capture/index.ts';
import { hasLabels, type WorldService } from '../../src/model/index.ts';
import type { RawPolicy } from '../naive/manifest.ts';
import { decideAnyNaively } from '../naive/services.ts';
import { clusters } from './arbitrary-cluster.ts';
import { readRaw, worldOfPods, worldOfScenario } from './small-world.ts';

const services = fc.array(
  fc.record({
    selector: fc.constantFrom({ app: 'a' }, { app: 'b' }, { tier: 'a' }),
    target: fc.constantFrom(80, 443),
    clusterIP: fc.constantFrom('', 'None'),
  }),
  { minLength: 1, maxLength: 3 },
);

const worldService = (
  { namespace, name, selector, ports, manner }: ClusterService,
  home = namespace,
): WorldService => ({
  ...{ namespace: home, name, selector, ports, headless: manner.includes('None') },
});

describe('the Services of a captured scenario', () => {
  it('lead to pods of the same classes, so the specification says the same of connections to them', () => {
    let compared = 0;
    fc.assert(
      fc.property(clusters, services, ({ state: bare, manifests }, written) => {
        const all = bare.namespaces.flatMap(({ name: namespace }) =>
          written.map(({ selector, target, clusterIP }, at): ClusterService => {
            const ports = [{ number: clusterIP ? target : 80, protocol: 'TCP' as const, target }];
            return { namespace, name: `s${at}`, selector, ports, manner: JSON.stringify({ clusterIP }), spec: {} };
          }),
        );
        const state = { ...bare, services: all };
        const condensed = condense(state, 1000);
        const like = createLikeCell(state, condensed);
        const large = { ...worldOfPods(state.namespaces, state.pods), services: all.map((one) => worldService(one)) };
        const small = {
          ...worldOfScenario(condensed),
          services: condensed.services.map(({ service, namespace }) => worldService(service, namespace)),
        };
        const policies = condensed.policies.map(({ manifest }) => manifest as unknown as RawPolicy);
        for (const { service, namespace: home, serviceClass } of condensed.services)
          for (const { namespace, name, selector, ports } of serviceClass.services)
            for (const from of state.pods) {
              const backends = state.pods.filter(
                (pod) => pod.namespace === namespace && hasLabels(pod.labels, selector),
              );
              // The pod that stands for it where it calls one of the backends, if it is none of these itself.
              const cells = backends.map(({ endpoint: to, ports: own }) =>
                own[0] ? like({ from: from.endpoint, to, port: own[0].number, protocol: own[0].protocol }) : null,
              );
              const [cell] = cells;
              const isBackend = small.pods.some(
                (pod) =>
                  pod.namespace === home &&
                  hasLabels(pod.labels ?? {}, service.selector) &&
                  cell?.from === `${home}/${pod.name}`,
              );
              const isApart = from.namespace !== namespace && cell?.to.split('/')[0] !== home;
              if (!cell || isBackend || isApart || backends.includes(from)) continue;
              const [port, there] = [ports[0]?.number ?? 0, service.ports[0]?.number ?? 0];
              const asked = { from: from.endpoint, to: `svc:${namespace}/${name}`, port, protocol: 'TCP' } as const;
              const found = {
                from: cell.from,
                to: `svc:${home}/${service.name}`,
                port: there,
                protocol: 'TCP',
              } as const;
              const verdict = decideAnyNaively(policies, small, found);
              // Backends in their node's network have no address in the scenario, which then says that it does not know.
              if (verdict === 'unknown' && condensed.unpinned.size > 0) continue;
              expect(verdict, JSON.stringify([asked, found])).to.equal(decideAnyNaively(manifests, large, asked));
              compared += 1;
            }
      }),
      { numRuns: 200 },
    );
    expect(compared).to.be.greaterThan(100);
  });

  it('are apart if a rule calls the port of one by its name', () => {
    const policy = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { podSelector: {}, ingress: [{ ports: [{ port: 'web' }] }] },
    };
    const web = { number: 443, protocol: 'TCP' as const, name: 'web' };
    const rest = { namespace: 'shop', hostNetwork: false, addresses: ['10.0.0.1'], labels: { app: 'a' } };
    const [named, plain] = [443, 80].map(
      (target): ClusterService => ({
        ...{ namespace: 'shop', name: `to-${target}`, selector: { app: 'a' }, manner: '', spec: {} },
        ports: [{ number: 80, protocol: 'TCP', target }],
      }),
    ) as [ClusterService, ClusterService];
    const state = {
      namespaces: [{ name: 'shop', labels: {} }],
      pods: [{ ...rest, endpoint: 'shop/web', workload: 'web', ports: [web] }],
      services: [named, plain, { ...plain, name: 'like-it' }],
      policies: [readRaw(policy)],
    };
    expect(condense(state, 60).services.map(({ service }) => service.name)).to.have.members(['to-443', 'to-80']);
  });
});
