/** How wide a change is: what it says, and what the naive procedure finds. */
import type { TriedChange } from '../../../../src/model/explain/advice.ts';
import type { Probe, World } from '../../../../src/model/index.ts';
import type { Case } from '../../../naive/arbitrary.ts';
import { decideNaively } from '../../../naive/decide.ts';
import { endsOf } from '../../../naive/ends.ts';

type EndName = 'from' | 'to';

/** How wide a change says that it is at one end. */
export const widthAt = ({ reach }: TriedChange, end: EndName): number =>
  Math.max(
    0,
    ...reach.map((one) => {
      if (one.end !== end) return 0;
      if (one.kind === 'addresses') return one.block.cidr.text.endsWith('/0') ? 4 : 1;
      return { namespace: 2, namespaces: 3, everywhere: 5 }[one.kind];
    }),
  );

export type Described = Pick<Case, 'world' | 'manifests'>;

/** How wide it is at least: by strangers of whom the naive procedure says that they may connect only after it. */
export const leastWidth = (before: Described, after: Described, probe: Probe, end: EndName): number => {
  const peer = probe[end];
  const [namespace = ''] = peer.split('/');
  const ports = before.world.pods.find((pod) => `${pod.namespace}/${pod.name}` === peer)?.ports ?? [];
  const addresses = [...new Set(endsOf(before.world, peer).map(({ family }) => STRANGE[family]))];
  const stranger = { name: 'stranger', ports, addresses };
  const decideFor = ({ world, manifests }: Described, name: string): string => {
    const strange = {
      ...world,
      namespaces: [...world.namespaces, { name: 'elsewhere' }],
      hosts: [...(world.hosts ?? []), { name: 'stranger', addresses }],
      pods: [
        ...world.pods,
        { ...stranger, namespace: 'elsewhere' },
        ...(peer.startsWith('host:') ? [] : [{ ...stranger, namespace }]),
      ],
    };
    return decideNaively(manifests, strange, { ...probe, [end]: name });
  };
  const strangers: readonly (readonly [string, number])[] = [
    ...(peer.startsWith('host:') ? [] : [[`${namespace}/stranger`, 2] as const]),
    ['elsewhere/stranger', 3],
    ['host:stranger', 4],
  ];
  const opened = strangers.filter(
    ([name]) => decideFor(before, name) !== 'allow' && decideFor(after, name) === 'allow',
  );
  return Math.max(0, ...opened.map(([, width]) => width));
};

/** In none of the blocks of random policies but those for all addresses. */
const STRANGE = { IPv4: '198.51.100.77', IPv6: '2001:db8:77::1' } as const;

/** Every connection to a declared port, once. */
export const declaredProbes = ({ pods, hosts = [] }: World): readonly Probe[] => {
  const sources = [
    ...pods.map(({ namespace, name }) => `${namespace}/${name}`),
    ...hosts.map(({ name }) => `host:${name}`),
  ];
  return pods.flatMap(({ namespace, name, ports = [] }) => {
    const distinct = new Map(
      ports.map(({ number, protocol }) => [`${number}/${protocol}`, { port: number, protocol }]),
    );
    return [...distinct.values()].flatMap((port) =>
      sources.map((from) => ({ from, to: `${namespace}/${name}`, ...port })),
    );
  });
};

export const sameProbe = (one: Probe, other: Probe): boolean =>
  one.from === other.from && one.to === other.to && one.port === other.port && one.protocol === other.protocol;
