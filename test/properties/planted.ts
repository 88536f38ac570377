/** CNIs that get one thing wrong, and random worlds in which that shows. */
import fc from 'fast-check';
import { modelOf } from '../../src/matrix/index.ts';
import { type Ask, type Subject, subjectOf, type World, worldIn } from '../../src/minimize/index.ts';
import { decide, type Model, readPolicy } from '../../src/model/index.ts';
import type { Probe, ReadPolicy, Topology } from '../../src/scenario/index.ts';
import { policies } from '../naive/arbitrary.ts';
import type { RawPeer, RawPolicy, RawRule } from '../naive/manifest.ts';

/** What a CNI makes of a policy. */
type Cni = (manifest: RawPolicy) => RawPolicy;

const withPeers =
  (change: (peer: RawPeer) => readonly RawPeer[]): Cni =>
  ({ spec, ...manifest }) => {
    const changed = (rules: readonly RawRule[] | null | undefined, side: 'from' | 'to') =>
      rules?.map((rule) => ({ ...rule, ...(rule[side] && { [side]: rule[side].flatMap(change) }) }));
    const ingress = changed(spec?.ingress, 'from');
    const egress = changed(spec?.egress, 'to');
    return { ...manifest, spec: { ...spec, ...(ingress && { ingress }), ...(egress && { egress }) } };
  };

export const CNIS: Readonly<Record<string, Cni>> = {
  'ignores except': withPeers(({ ipBlock, ...peer }) => [ipBlock ? { ipBlock: { cidr: ipBlock.cidr } } : peer]),
  'takes AND for OR': withPeers((peer) => {
    const { podSelector, namespaceSelector } = peer;
    return podSelector && namespaceSelector ? [{ podSelector }, { namespaceSelector }] : [peer];
  }),
};

const seenBy = ({ topology, policies: all }: Omit<World, 'cell'>, cni: Cni): Model =>
  modelOf({
    topology,
    policies: all.flatMap((policy): readonly ReadPolicy[] => {
      const spec = readPolicy(cni(policy.manifest as never), () => {}, { namespace: policy.namespace });
      return spec ? [{ ...policy, spec }] : [];
    }),
  });

/** Whether the CNI differs from the specification in the same way as in the first world. */
export const differsAs = (first: World, cni: Cni): Ask => {
  const kind = (world: World) => `${decide(modelOf(world), world.cell)} ${decide(seenBy(world, cni), world.cell)}`;
  const wanted = kind(first);
  return async (world) => (kind(world) === wanted ? 'shows' : 'gone');
};

const NAMESPACES = ['default', 'one', 'two', ...Array.from({ length: 7 }, (_, at) => `n${at}`)];

const labels = fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('a', 'b'), { noNullPrototype: true });

const topologies: fc.Arbitrary<Topology> = fc.array(labels, { minLength: 40, maxLength: 40 }).map((all) => ({
  hosts: [],
  nodes: [],
  services: [],
  namespaces: NAMESPACES.map((namespace, at) => ({
    name: namespace,
    labels: all[at * 4 + 3] ?? {},
    pods: ['p', 'q', 'r'].map((name, index) => ({
      endpoint: `${namespace}/${name}`,
      namespace,
      name,
      labels: all[at * 4 + index] ?? {},
      ports: [80, 443].map((number) => ({ number, protocol: 'TCP' as const })),
      addresses: [`10.0.${at % 2}.${index + at}`],
    })),
  })),
}));

/** Random policies, and a cell that shows what the CNI gets wrong. */
export const subjectsFor = (cni: Cni, count: number): fc.Arbitrary<Subject> =>
  fc
    .record({ topology: topologies, manifests: fc.array(policies, { minLength: count, maxLength: count }) })
    .map(({ topology, manifests }): Subject | null => {
      const written = manifests.flatMap((manifest, at): readonly ReadPolicy[] => {
        const namespace = NAMESPACES[at % NAMESPACES.length] ?? '';
        const named = { ...manifest, metadata: { name: `p${at}`, namespace } };
        const spec = readPolicy(named, () => {});
        return spec ? [{ name: `p${at}`, namespace, file: 'p.yaml', line: 1, manifest: { ...named }, spec }] : [];
      });
      const cell = wrongCell({ topology, policies: written }, cni);
      return cell && subjectOf({ topology, policies: written }, cell);
    })
    .filter((subject) => subject !== null);

const wrongCell = (world: Omit<World, 'cell'>, cni: Cni): Probe | null => {
  const [right, wrong] = [modelOf(world), seenBy(world, cni)];
  const pods = world.topology.namespaces.flatMap((namespace) => namespace.pods.map(({ endpoint }) => endpoint));
  for (const from of pods)
    for (const to of pods) {
      const cell: Probe = { from, to, port: 80, protocol: 'TCP' };
      const answers = [decide(right, cell), decide(wrong, cell)];
      if (from !== to && answers[0] !== answers[1] && !answers.includes('unknown')) return cell;
    }
  return null;
};

const REMOVABLE = new Set(['labels', 'matchLabels']);

/** Every world with one item of a list or one label less, wherever it stands; never without an end of the cell. */
export function* smallerByOne(subject: Subject): Generator<World> {
  const { from, to } = subject.cell;
  const isEnd = (value: unknown) => [from, to].includes(Object(value).endpoint);
  function* walk(value: unknown, rebuild: (part: unknown) => unknown, key: string): Generator<unknown> {
    if (Array.isArray(value))
      for (const [at, item] of value.entries()) {
        // No type at all means the default ones.
        if (!isEnd(item) && key !== 'policyTypes') yield rebuild(value.toSpliced(at, 1));
        yield* walk(item, (part) => rebuild(value.with(at, part)), '');
      }
    else if (typeof value === 'object' && value !== null)
      for (const [own, inner] of Object.entries(value)) {
        const { [own]: _, ...others } = value as Record<string, unknown>;
        if (REMOVABLE.has(key)) yield rebuild(others);
        // The cell asks for a port of an end, and an end may have the address that a block is about.
        if (!isEnd(value) || own === 'labels') yield* walk(inner, (part) => rebuild({ ...value, [own]: part }), own);
      }
  }
  for (const smaller of walk(subject, (part) => part, '')) {
    const world = worldIn(smaller as Subject);
    if (world) yield world;
  }
}
