import { expect } from 'chai';
import fc from 'fast-check';
import {
  hostCommands,
  nodeCommands,
  nodeDevice,
  nodeTable,
  type TunnelHost,
  type TunnelNode,
} from '../../../../src/deploy/hosts/tunnel.ts';

/** A line for `ip -batch`: what it is about, and the words behind. */
interface Command {
  readonly at: number;
  readonly kind: string;
  /** The first word behind the kind: a device's name, an address. */
  readonly subject: string;
  /** The word behind this one, `id` or `lladdr`. */
  after(word: string): string;
}

const parse = (text: string): readonly Command[] => {
  expect(text).to.match(/^(?:\S[^\n]*\n)+$/);
  return text
    .trimEnd()
    .split('\n')
    .map((line, at) => {
      const [object, verb, ...words] = line.split(' ');
      expect(words).to.not.include('undefined').and.not.include('');
      return {
        at,
        kind: `${object} ${verb}`,
        subject: words[0] ?? '',
        after: (word) => words[words.indexOf(word) + 1 || words.length] ?? '',
      };
    });
};

const of = (commands: readonly Command[], kind: string): readonly Command[] =>
  commands.filter((command) => command.kind === kind);

const atHost = (host: TunnelHost, nodes: readonly TunnelNode[]) => parse(hostCommands(host, nodes));
const atNode = (host: TunnelHost, nodes: readonly TunnelNode[], index: number) =>
  parse(nodeCommands(host, nodes, index));

/** The tunnel of a host to a node as each end makes it. */
const endsOf = (host: TunnelHost, nodes: readonly TunnelNode[], index: number) => {
  const [there, here] = [atHost(host, nodes), atNode(host, nodes, index)];
  const outer = of(there, 'link add').find((link) => link.after('remote') === nodes[index]?.address);
  const [inner] = of(here, 'link add');
  if (!outer || !inner) return expect.fail('there is no tunnel');
  return { there, here, outer, inner };
};

const byte = fc.nat(255);
/** Addresses of one Docker network, which has 65,536 by default. */
const underlay = fc.tuple(byte, byte).map(([high, low]) => `172.18.${high}.${low}`);
const chosen = fc.tuple(byte, byte).map(([high, low]) => `172.17.${high}.${low}`);
const pods = fc.uniqueArray(
  fc.tuple(byte, byte).map(([high, low]) => `192.168.${high}.${low}`),
  { maxLength: 12 },
);
/** Hosts and nodes that share a network; each pod is on one node. */
const network = fc
  .record({
    machines: fc.uniqueArray(underlay, { minLength: 2, maxLength: 8 }),
    chosen,
    pods,
    cut: fc.nat(6),
  })
  .map(({ machines, chosen: address, pods: all, cut }) => {
    const hostCount = 1 + (cut % (machines.length - 1));
    const places = machines.slice(hostCount);
    const nodes = places.map(
      (place, index): TunnelNode => ({ address: place, pods: all.filter((_, at) => at % places.length === index) }),
    );
    return { hosts: machines.slice(0, hostCount).map((own): TunnelHost => ({ address, underlay: own })), nodes };
  });

/** Each makes dozens of texts. */
const RUNS = { numRuns: 40 };

const HOST: TunnelHost = { address: '172.17.5.10', underlay: '172.18.0.5' };
const NODES: readonly TunnelNode[] = [
  { address: '172.18.0.2', pods: ['192.168.1.1', '192.168.1.2'] },
  { address: '172.18.0.3', pods: [] },
  { address: '172.18.0.4', pods: ['192.168.2.1'] },
];

describe('the tunnels of hosts outside the cluster', () => {
  it('have an id of 24 bits each, none twice (RFC 7348, section 5)', () => {
    fc.assert(
      fc.property(network, ({ hosts, nodes }) => {
        const ids = hosts.flatMap((host) =>
          of(atHost(host, nodes), 'link add').map((link) => Number(link.after('id'))),
        );
        expect(ids).to.have.length(hosts.length * nodes.length);
        expect(new Set(ids).size).to.equal(ids.length);
        expect(ids.every((id) => Number.isInteger(id) && id > 0 && id < 2 ** 24)).to.equal(true);
      }),
      RUNS,
    );
  });

  it('have one up to the last address and the 255th node', () => {
    const many = Array.from({ length: 255 }, (_, index) => ({ address: `172.18.200.${index}`, pods: [] }));
    const last = of(atHost({ ...HOST, underlay: '172.18.255.255' }, many), 'link add').at(-1);
    expect(Number(last?.after('id'))).to.be.lessThan(2 ** 24);
    expect(last?.after('address')).to.match(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/);
  });

  it('have devices of names that Linux takes (IFNAMSIZ, 15 characters), none twice on a machine', () => {
    fc.assert(
      fc.property(network, ({ hosts, nodes }) => {
        const machines = [
          ...hosts.map((host) => of(atHost(host, nodes), 'link add')),
          ...nodes.map((_, index) => hosts.flatMap((host) => of(atNode(host, nodes, index), 'link add'))),
        ];
        for (const links of machines) {
          const names = links.map(({ subject }) => subject);
          for (const name of names) expect(name).to.match(/^[a-z0-9]{1,15}$/);
          expect(new Set(names).size).to.equal(names.length);
        }
      }),
      RUNS,
    );
  });

  it('tell addresses apart of which the digits are alike', () => {
    // 1 and 0x11, in either order.
    const alike = ['172.18.1.17', '172.18.17.1', '172.18.0.17', '172.18.17.0'];
    expect(new Set(alike.map(nodeDevice)).size).to.equal(4);
    expect(new Set(alike.map(nodeTable)).size).to.equal(4);
    // 5 on the second node, 0x105 on the first.
    const ids = [...alike, '172.18.0.5', '172.18.1.5'].flatMap((own) =>
      of(atHost({ ...HOST, underlay: own }, NODES), 'link add').map((link) => link.after('id')),
    );
    expect(new Set(ids).size).to.equal(6 * NODES.length);
  });

  it('agree at both ends on id, port, addresses and hardware addresses', () => {
    fc.assert(
      fc.property(network, ({ hosts, nodes }) => {
        const hardware: string[] = [];
        for (const host of hosts)
          for (const [index, node] of nodes.entries()) {
            const { there, here, outer, inner } = endsOf(host, nodes, index);
            for (const word of ['type', 'id', 'dstport']) expect(inner.after(word)).to.equal(outer.after(word));
            expect(outer.after('type')).to.equal('vxlan');
            expect([outer.after('local'), outer.after('remote')]).to.deep.equal([host.underlay, node.address]);
            expect([inner.after('local'), inner.after('remote')]).to.deep.equal([node.address, host.underlay]);
            const toNode = of(there, 'neighbour add').filter(({ subject }) => subject === node.address);
            const toHost = of(here, 'neighbour add').filter(({ subject }) => subject === host.address);
            expect(toNode.map((it) => [it.after('dev'), it.after('lladdr'), it.after('nud')])).to.deep.equal([
              [outer.subject, inner.after('address'), 'permanent'],
            ]);
            expect(toHost.map((it) => [it.after('dev'), it.after('lladdr'), it.after('nud')])).to.deep.equal([
              [inner.subject, outer.after('address'), 'permanent'],
            ]);
            hardware.push(outer.after('address'), inner.after('address'));
          }
        // Of one machine, and locally administered: the two low bits of the first byte (RFC 9542, section 2.1).
        for (const address of hardware) {
          expect(address).to.match(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/);
          expect(Number.parseInt(address, 16) & 3).to.equal(2);
        }
        expect(new Set(hardware).size).to.equal(hardware.length);
      }),
      RUNS,
    );
  });

  it("stay off Calico's port, which the nodes have in use (4789, as IANA has it)", () => {
    expect(endsOf(HOST, NODES, 0).inner.after('dstport'))
      .to.match(/^[1-9]\d{3,4}$/)
      .and.not.equal('4789');
  });

  it('carry what the host has for each pod, with the chosen address, through the tunnel to its own node', () => {
    fc.assert(
      fc.property(network, ({ hosts, nodes }) => {
        for (const host of hosts) {
          const commands = atHost(host, nodes);
          const routes = of(commands, 'route add');
          const asked = of(commands, 'rule add').map((rule) => rule.after('lookup'));
          const expected = nodes.flatMap((node, index) => {
            const device = endsOf(host, nodes, index).outer.subject;
            return [[`${node.address}/32`, '', device], ...node.pods.map((pod) => [`${pod}/32`, node.address, device])];
          });
          expect(routes.map((route) => [route.subject, route.after('via'), route.after('dev')])).to.have.deep.members(
            expected,
          );
          for (const route of routes) {
            expect(route.after('src')).to.equal(host.address);
            expect(asked).to.include(route.after('table'));
          }
        }
      }),
      RUNS,
    );
  });

  it('leave the packets of the tunnels themselves to the main table', () => {
    const [first, second, ...more] = of(atHost(HOST, NODES), 'rule add');
    expect(more).to.have.length(0);
    expect([first?.after('ipproto'), first?.after('dport'), first?.after('lookup')]).to.deep.equal([
      'udp',
      endsOf(HOST, NODES, 0).outer.after('dstport'),
      'main',
    ]);
    expect(second?.after('lookup')).to.not.equal('main');
    expect(Number(first?.after('pref'))).to.be.lessThan(Number(second?.after('pref')));
    // The main table's own rule (ip-rule(8)).
    expect(Number(second?.after('pref'))).to.be.lessThan(32_766);
  });

  it('carry back what each pod of a node, and no other, has for the host', () => {
    fc.assert(
      fc.property(network, ({ hosts, nodes }) => {
        for (const host of hosts)
          for (const [index, node] of nodes.entries()) {
            const { here, inner } = endsOf(host, nodes, index);
            const table = String(nodeTable(host.underlay));
            expect(inner.subject).to.equal(nodeDevice(host.underlay));
            expect(
              of(here, 'route add').map((route) => [route.subject, route.after('dev'), route.after('table')]),
            ).to.deep.equal([[`${host.address}/32`, inner.subject, table]]);
            const rules = of(here, 'rule add');
            expect(rules.map((rule) => [rule.after('from'), rule.after('to'), rule.after('lookup')])).to.deep.equal(
              node.pods.map((pod) => [pod, host.address, table]),
            );
            // Else the main table would have them go bare over the bridge.
            for (const rule of rules) expect(Number(rule.after('pref'))).to.be.within(1, 32_765);
          }
      }),
      RUNS,
    );
  });

  it('keep hosts apart that have one address: a table and a device each', () => {
    const other = { ...HOST, underlay: '172.18.0.6' };
    expect(nodeTable(other.underlay)).to.not.equal(nodeTable(HOST.underlay));
    expect(nodeDevice(other.underlay)).to.not.equal(nodeDevice(HOST.underlay));
    // The tables that Linux has itself are 253 to 255 (/etc/iproute2/rt_tables), the rest is 32 bits.
    expect(nodeTable('172.18.0.0')).to.be.greaterThan(255);
    expect(nodeTable('172.18.255.255')).to.be.lessThan(2 ** 32);
  });

  it('are made in an order that Linux takes: device, up, neighbour, routes', () => {
    const placeOf = (commands: readonly Command[], kind: string, device: string): readonly number[] =>
      commands.flatMap((it) => (it.kind === kind && [it.subject, it.after('dev')].includes(device) ? it.at : []));
    const inOrder = (commands: readonly Command[], device: string): void => {
      const places = ['link add', 'link set', 'neighbour add', 'route add'].map((kind) =>
        placeOf(commands, kind, device),
      );
      for (const [index, own] of places.entries()) {
        expect(own).to.not.have.length(0);
        if (index < 3) expect(own).to.have.length(1);
        for (const before of places.slice(0, index).flat()) expect(before).to.be.lessThan(Math.min(...own));
      }
    };
    for (const index of NODES.keys()) {
      const { there, here, outer, inner } = endsOf(HOST, NODES, index);
      inOrder(there, outer.subject);
      inOrder(here, inner.subject);
    }
  });

  it('set every device up, and give the host its address before a route has it as source', () => {
    const commands = atHost(HOST, NODES);
    const texts = hostCommands(HOST, NODES).split('\n');
    for (const { subject } of of(commands, 'link add')) expect(texts).to.include(`link set ${subject} up`);
    expect(nodeCommands(HOST, NODES, 1).split('\n')).to.include(`link set ${nodeDevice(HOST.underlay)} up`);
    const [own, ...more] = of(commands, 'address add');
    expect(more).to.have.length(0);
    expect(own?.subject).to.equal('172.17.5.10/32');
    expect(own?.at).to.be.lessThan(Math.min(...of(commands, 'route add').map(({ at }) => at)));
  });
});
