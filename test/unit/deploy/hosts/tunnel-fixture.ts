import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Commands,
  hostCommands,
  nodeCommands,
  type TunnelHost,
  type TunnelNode,
} from '../../../../src/deploy/hosts/tunnel.ts';

/** A line for `ip -batch`: what it is about, and the words behind. */
export interface Command {
  /** Its place among all, in the order in which they are done. */
  readonly at: number;
  /** Whether it is one for `ip -6`. */
  readonly v6: boolean;
  readonly kind: string;
  /** The first word behind the kind: a device's name, an address. */
  readonly subject: string;
  /** The word behind this one, `id` or `lladdr`. */
  after(word: string): string;
  readonly text: string;
}

const parse = ({ first, v6 }: Commands): readonly Command[] => {
  for (const text of [first, v6]) expect(text).to.match(/^(?:\S[^\n]*\n)*$/);
  const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');
  const all = [...linesOf(first), ...linesOf(v6)];
  return all.map((text, at) => {
    const [object, verb, ...words] = text.split(' ');
    if (words.includes('undefined') || words.includes('')) expect.fail(`a word is missing: ${text}`);
    return {
      at,
      v6: at >= linesOf(first).length,
      kind: `${object} ${verb}`,
      subject: words[0] ?? '',
      after: (word) => words[words.indexOf(word) + 1 || words.length] ?? '',
      text,
    };
  });
};

export const of = (commands: readonly Command[], kind: string): readonly Command[] =>
  commands.filter((command) => command.kind === kind);

export const atHost = (host: TunnelHost, nodes: readonly TunnelNode[]) => parse(hostCommands(host, nodes));
export const atNode = (host: TunnelHost, nodes: readonly TunnelNode[], index: number) =>
  parse(nodeCommands(host, nodes, index));

/** The tunnel of a host to a node as each end makes it. */
export const endsOf = (host: TunnelHost, nodes: readonly TunnelNode[], index: number) => {
  const [there, here] = [atHost(host, nodes), atNode(host, nodes, index)];
  const outer = of(there, 'link add').find((link) => link.after('remote') === nodes[index]?.underlay);
  const [inner] = of(here, 'link add');
  if (!outer || !inner) return expect.fail('there is no tunnel');
  return { there, here, outer, inner };
};

export const isV6 = (address: string): boolean => address.includes(':');
export const single = (address: string): string => (isV6(address) ? `${address}/128` : `${address}/32`);
/** Those of the same family as the address. */
export const like = (address: string, others: readonly string[]): readonly string[] =>
  others.filter((other) => isV6(other) === isV6(address));

const byte = fc.nat(255);
/** Addresses of one Docker network, which has 65,536 by default. */
const underlay = fc.tuple(byte, byte).map(([high, low]) => `172.18.${high}.${low}`);
const chosen = fc.tuple(byte, byte, fc.constantFrom('four', 'six', 'both')).map(([high, low, families]) => {
  const [four, six] = [`172.17.${high}.${low}`, `fd00:5::${high.toString(16)}:${low.toString(16)}`];
  return { four: [four], six: [six], both: [four, six] }[families] ?? [];
});
const pods = fc
  .uniqueArray(fc.tuple(byte, byte, fc.boolean()), { maxLength: 8 })
  .map((all) =>
    all.flatMap(([high, low, dual]) => [
      `192.168.${high}.${low}`,
      ...(dual ? [`fd00:10::${high.toString(16)}:${low.toString(16)}`] : []),
    ]),
  );

/** Hosts and nodes that share a network; each pod is on one node, and a node may have a tunnel's address as well. */
export const network = fc
  .record({
    machines: fc.uniqueArray(underlay, { minLength: 2, maxLength: 8 }),
    chosen,
    pods: pods.map((all) => [...new Set(all)]),
    cut: fc.nat(6),
    dual: fc.boolean(),
  })
  .map(({ machines, chosen: addresses, pods: all, cut, dual }) => {
    const hostCount = 1 + (cut % (machines.length - 1));
    const places = machines.slice(hostCount);
    const nodes = places.map(
      (place, index): TunnelNode => ({
        underlay: place,
        addresses: [
          place,
          ...(dual ? [`fc00:f853::${index + 1}`] : []),
          ...(cut === 3 ? [`192.168.255.${index}`] : []),
        ],
        pods: all.filter((_, at) => at % places.length === index),
      }),
    );
    return { hosts: machines.slice(0, hostCount).map((own): TunnelHost => ({ addresses, underlay: own })), nodes };
  });

/** Each makes dozens of texts. */
export const RUNS = { numRuns: 40 };

export const HOST: TunnelHost = { addresses: ['172.17.5.10'], underlay: '172.18.0.5' };
export const DUAL: TunnelHost = { ...HOST, addresses: ['172.17.5.10', 'fd00:5::10'] };
export const NODES: readonly TunnelNode[] = [
  {
    underlay: '172.18.0.2',
    addresses: ['172.18.0.2', 'fc00:f853::2'],
    pods: ['192.168.1.1', 'fd00:10::1', '192.168.1.2'],
  },
  { underlay: '172.18.0.3', addresses: ['172.18.0.3', 'fc00:f853::3'], pods: [] },
  { underlay: '172.18.0.4', addresses: ['172.18.0.4', 'fc00:f853::4'], pods: ['192.168.2.1', 'fd00:10::2'] },
];
