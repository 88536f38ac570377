/** A scenario as files: what `podreach run` and `podreach model` take. */
import { stringify } from 'yaml';
import { predictEach } from '../../matrix/index.ts';
import { type Mismatch, type Subject, worldIn } from '../../minimize/index.ts';
import { familiesOfSteps, type Pod, type Port, portText, type Service, type Topology } from '../../scenario/index.ts';

/** As kubectl reads it: a label `y` is quoted. */
const yaml = (value: unknown): string => stringify(value, { version: '1.1', lineWidth: 0 });

/** The files by their paths. */
export const scenarioFiles = (subject: Subject, mismatch: Mismatch, intent: string): ReadonlyMap<string, string> => {
  const policies = subject.policies.map(
    ({ namespace, name, manifest }) => [`policies/${namespace}-${name}.yaml`, yaml(manifest)] as const,
  );
  const { namespaces, hosts, nodes, services } = subject.topology;
  const scenario = {
    intent,
    namespaces: Object.fromEntries(
      namespaces.map(({ name, labels, pods }) => [name, { ...some({ labels }), ...podsOf(pods) }]),
    ),
    ...some({
      hosts: named(hosts, ({ addresses, ports }) => ({ address: addresses, ...some({ ports: ports.map(portOf) }) })),
      nodes: named(nodes, ({ runs: { pod, there }, ports }) => ({
        [there ? 'with' : 'without']: pod,
        ...some({ ports: ports.map(portOf) }),
      })),
      services: Object.fromEntries(
        services.map((service) => [`${service.namespace}/${service.name}`, serviceOf(service)]),
      ),
    }),
    ...(policies.length === 0 && { policies: [] }),
    expect: expectationOf(subject, mismatch),
  };
  return new Map([['scenario.yaml', yaml(scenario)], ...policies]);
};

/** Without what is empty. */
const some = (object: Readonly<Record<string, object>>): object =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => Object.keys(value).length > 0));

const named = <One extends { readonly name: string }>(all: readonly One[], of: (one: One) => object): object =>
  Object.fromEntries(all.map((one) => [one.name, of(one)]));

const podsOf = (pods: readonly Pod[]): object => some({ pods: named(pods, podOf) });

const podOf = ({ labels, ports, addresses, hostNetwork, readiness }: Pod): object => ({
  ...some({ labels, ports: ports.map(portOf) }),
  ...(addresses && { address: addresses }),
  ...(hostNetwork && { hostNetwork }),
  ...(readiness !== undefined && { readiness }),
});

const portOf = ({ number, protocol, name }: Port): unknown => {
  if (name !== undefined) return { name, port: number, protocol };
  return protocol === 'TCP' ? number : portText({ number, protocol });
};

const serviceOf = ({ selector, ports, headless, nodePort, byName, stickySeconds, external }: Service): object => ({
  selector,
  ports: ports.map(({ number, protocol, name, target }) => ({
    ...(name !== undefined && { name }),
    ...{ port: number, protocol, targetPort: target },
  })),
  ...(headless && { clusterIP: 'None' }),
  ...(nodePort !== null && {
    type: external === 'load-balancer' ? 'LoadBalancer' : 'NodePort',
    externalTrafficPolicy: nodePort,
  }),
  ...(external === 'external-ip' && { external: true }),
  ...(byName && !headless && { dns: true }),
  ...(stickySeconds !== undefined && { sessionAffinity: 'ClientIP' }),
});

/** What is wrong is the only cell that fails: the others are expected to be as the policies say. */
const expectationOf = (subject: Subject, mismatch: Mismatch): unknown => {
  const world = worldIn(subject);
  if (mismatch.kind === 'cni' || mismatch.expected === null || !world) return 'model';
  const { expected, cell } = mismatch;
  const situation = { ...world, families: familiesOfSteps([{ topology: world.topology, expected: null }]) };
  const ruleFor = (wanted: string, { from, to, port, protocol, family }: typeof cell): object => ({
    [wanted]: { from, to, port: portText({ number: port, protocol }), ...(family && { family }) },
  });
  const isDenied = expected !== 'allow';
  const others = [...predictEach(situation)].flatMap(({ decision, ...probe }) => {
    const isAsked =
      probe.from === cell.from && probe.to === cell.to && probe.port === cell.port && probe.protocol === cell.protocol;
    const isAsExpected = (decision === 'deny') === isDenied;
    return isAsked || probe.from === probe.to || isAsExpected || decision === 'unknown'
      ? []
      : [ruleFor(decision, probe)];
  });
  return { default: expected, ...(others.length > 0 && { rules: others }) };
};

/** What a scenario can't say by hand; undefined if it can say everything. */
export const unwritable = ({ services }: Topology): string | undefined => {
  const found = services.find(({ aliasOf }) => aliasOf);
  return found && `${found.namespace}/${found.name}`;
};
