/** Random Services and nodes for random worlds. */
import fc from 'fast-check';
import type { Labels, Probe, ServicePort, World, WorldNode, WorldService } from '../../src/model/world.ts';
import { type Case, cases, PROBED } from './arbitrary.ts';

const PROTOCOLS = ['TCP', 'TCP', 'UDP'] as const;
const TARGETS: readonly (number | string)[] = [80, 81, 443, 65_535, 'web', 'web', 'dns'];

const servicePort: fc.Arbitrary<ServicePort> = fc
  .tuple(fc.constantFrom(79, 80, 443), fc.constantFrom(...PROTOCOLS), fc.constantFrom(...TARGETS))
  .map(([number, protocol, target]) => ({ number, protocol, target }));

/** In a namespace that has pods, by labels that one of them has: none at all stand for every pod, as in the API. */
const serviceIn = ({ pods }: World): fc.Arbitrary<WorldService> =>
  fc
    .record({
      pod: fc.constantFrom(...pods),
      keys: fc.constantFrom(0, 0, 1, 2),
      ports: fc.uniqueArray(servicePort, {
        selector: ({ number, protocol }) => `${number}/${protocol}`,
        minLength: 1,
        maxLength: 2,
      }),
      headless: fc.constantFrom(false, false, true),
      externalTrafficPolicy: fc.constantFrom(undefined, 'Cluster' as const, 'Local' as const),
    })
    .map(({ pod, keys, ports, headless, externalTrafficPolicy }) => {
      const selector: Labels = Object.fromEntries(Object.entries(pod.labels ?? {}).slice(0, keys));
      const { namespace } = pod;
      return {
        namespace,
        name: 's',
        selector,
        ports,
        headless,
        ...(externalTrafficPolicy && { externalTrafficPolicy }),
      };
    });

/** Of each pod it is known that it runs there, that it does not, or neither. */
const nodeIn = ({ pods }: World): fc.Arbitrary<WorldNode> =>
  fc
    .record({
      where: fc.array(fc.constantFrom('here', 'elsewhere', 'perhaps'), {
        minLength: pods.length,
        maxLength: pods.length,
      }),
      addresses: fc.constantFrom(undefined, ['10.0.0.2'], ['192.168.0.1'], ['10.0.0.1', 'fd00::2']),
    })
    .map(({ where, addresses }) => {
      const at = (place: string) =>
        pods.flatMap(({ namespace, name }, index) => (where[index] === place ? `${namespace}/${name}` : []));
      return { name: 'n', pods: at('here'), elsewhere: at('elsewhere'), ...(addresses && { addresses }) };
    });

/** Cases whose world has a Service `s` in one of its namespaces and a node `n`. */
export const servedCases: fc.Arbitrary<Case> = cases.chain(({ world, manifests }) =>
  fc
    .tuple(serviceIn(world), nodeIn(world))
    .map(([service, node]) => ({ world: { ...world, services: [service], nodes: [node] }, manifests })),
);

/** Every probe of a world to its Services, each way, and from and to its nodes. */
export const routedProbesOf = ({ pods, hosts = [], services = [], nodes = [] }: World): readonly Probe[] => {
  const inside = pods.map(({ namespace, name }) => `${namespace}/${name}`);
  const outside = hosts.map(({ name }) => `host:${name}`);
  const toServices = services.flatMap(({ namespace, name, ports, headless }) =>
    ports.flatMap(({ number, protocol }) =>
      (headless ? ['dns'] : ['svc', 'dns', 'nodeport']).flatMap((way) =>
        [...inside, ...(way === 'nodeport' ? outside : [])].map((from) => ({
          ...{ from, to: `${way}:${namespace}/${name}` },
          ...{ port: number, protocol },
        })),
      ),
    ),
  );
  const withNodes = nodes.flatMap(({ name }) =>
    inside.flatMap((pod) =>
      PROBED.flatMap(({ number: port, protocol }) => [
        { from: pod, to: `node:${name}`, port, protocol },
        { from: `node:${name}`, to: pod, port, protocol },
      ]),
    ),
  );
  return [...toServices, ...withNodes];
};
