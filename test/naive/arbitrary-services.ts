/** Random Services and nodes for random worlds. */
import fc from 'fast-check';
import type { Labels, Probe, ServicePort, World, WorldDns, WorldNode, WorldService } from '../../src/model/world.ts';
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
      elsewhere: fc.constantFrom(undefined, undefined, ...pods.map(({ namespace }) => namespace)),
      externalTrafficPolicy: fc.constantFrom(undefined, 'Cluster' as const, 'Local' as const),
    })
    .map(({ pod, keys, ports, headless, elsewhere, externalTrafficPolicy }) => {
      const selector: Labels = Object.fromEntries(Object.entries(pod.labels ?? {}).slice(0, keys));
      const { namespace } = pod;
      return {
        namespace,
        name: 's',
        selector,
        ports,
        headless,
        ...(elsewhere !== undefined && { podsIn: elsewhere }),
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

/** Most peers and all worlds of `cases` know nothing of kube-system: one of their namespaces becomes it. */
const inKubeSystem = ({ world, manifests }: Case): Case =>
  JSON.parse(JSON.stringify({ world, manifests }).replaceAll('"two"', '"kube-system"')) as Case;

const dnsPod = fc.record({
  labels: fc.constantFrom<Labels>({}, { app: 'a' }, { tier: 'b' }),
  addresses: fc.constantFrom<string[]>([], [], ['10.0.0.1'], ['10.0.1.255'], ['fd00::1']),
  ports: fc.constantFrom([], [{ name: 'dns', number: 53, protocol: 'UDP' as const }]),
  hostNetwork: fc.constantFrom(false, false, false, true),
});

/** As the cluster has it: from no server that is known to two. */
const dns: fc.Arbitrary<WorldDns> = fc.record(
  {
    namespace: fc.constantFrom(
      { name: 'kube-system' },
      { name: 'kube-system', labels: { app: 'a' } },
      { name: 'dns', labels: { tier: 'b' } },
    ),
    pods: fc
      .array(dnsPod, { maxLength: 2 })
      .map((pods) => pods.map((pod, index) => ({ ...pod, name: `coredns-${index}` }))),
    families: fc.constantFrom<('IPv4' | 'IPv6')[]>(['IPv4'], ['IPv6'], ['IPv4', 'IPv6']),
  },
  { requiredKeys: ['namespace', 'pods'] },
);

/** Now and then the cluster's DNS servers are told, or some pods of kube-system are the servers. */
const dnsIn = (world: World): fc.Arbitrary<World> =>
  fc.oneof(
    fc.constant(world),
    dns.map((own) => ({ ...world, dns: own })),
    fc.constant({
      ...world,
      pods: world.pods.map((pod) =>
        pod.namespace === 'kube-system' ? { ...pod, labels: { ...pod.labels, 'k8s-app': 'kube-dns' } } : pod,
      ),
    }),
  );

/** Cases whose world has a Service `s` in one of its namespaces and a node `n`. */
export const servedCases: fc.Arbitrary<Case> = cases.map(inKubeSystem).chain(({ world, manifests }) =>
  fc.tuple(dnsIn(world), serviceIn(world), nodeIn(world)).map(([known, service, node]) => ({
    world: { ...known, services: [service], nodes: [node] },
    manifests,
  })),
);

/** Every probe of a world to its Services, each way, and from and to its nodes. */
export const routedProbesOf = ({ pods, hosts = [], services = [], nodes = [] }: World): readonly Probe[] => {
  const inside = pods.map(({ namespace, name }) => `${namespace}/${name}`);
  const outside = hosts.map(({ name }) => `host:${name}`);
  const toServices = services.flatMap(({ namespace, name, ports, headless }) =>
    ports.flatMap(({ number, protocol }) =>
      (headless ? ['dns'] : ['svc', 'dns', 'nodeport', 'external']).flatMap((way) =>
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
