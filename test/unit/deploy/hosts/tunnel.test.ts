import { expect } from 'chai';
import fc from 'fast-check';
import { nodeDevice, nodeTable } from '../../../../src/deploy/hosts/tunnel.ts';
import { atHost, atNode, type Command, DUAL, endsOf, HOST, like, NODES, network, of, RUNS } from './tunnel-fixture.ts';

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
    const many = Array.from({ length: 255 }, (_, index) => ({
      underlay: `172.18.200.${index}`,
      addresses: [],
      pods: [],
    }));
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

  it('distinguish addresses with similar digits', () => {
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

  it('agree at both ends on id, port, addresses and hardware addresses, whatever families they carry', () => {
    fc.assert(
      fc.property(network, ({ hosts, nodes }) => {
        const hardware: string[] = [];
        for (const host of hosts)
          for (const [index, node] of nodes.entries()) {
            const { there, here, outer, inner } = endsOf(host, nodes, index);
            for (const word of ['type', 'id', 'dstport']) expect(inner.after(word)).to.equal(outer.after(word));
            expect(outer.after('type')).to.equal('vxlan');
            expect([outer.after('local'), outer.after('remote')]).to.deep.equal([host.underlay, node.underlay]);
            expect([inner.after('local'), inner.after('remote')]).to.deep.equal([node.underlay, host.underlay]);
            const neighbours = (commands: readonly Command[], device: string) =>
              of(commands, 'neighbour add')
                .filter((it) => it.after('dev') === device)
                .map((it) => [it.subject, it.after('lladdr'), it.after('nud')]);
            const behind = host.addresses.flatMap((address) => like(address, [...node.addresses, ...node.pods]));
            expect(neighbours(there, outer.subject)).to.have.deep.members(
              behind.map((end) => [end, inner.after('address'), 'permanent']),
            );
            expect(neighbours(here, inner.subject)).to.have.deep.members(
              host.addresses.map((address) => [address, outer.after('address'), 'permanent']),
            );
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

  it('keep hosts apart that have one address: a table and a device each', () => {
    const other = { ...HOST, underlay: '172.18.0.6' };
    expect(nodeTable(other.underlay)).to.not.equal(nodeTable(HOST.underlay));
    expect(nodeDevice(other.underlay)).to.not.equal(nodeDevice(HOST.underlay));
    // The tables that Linux has itself are 253 to 255 (/etc/iproute2/rt_tables), the rest is 32 bits.
    expect(nodeTable('172.18.0.0')).to.be.greaterThan(255);
    expect(nodeTable('172.18.255.255')).to.be.lessThan(2 ** 32);
  });

  it('are made in an order that Linux takes: device, up, neighbours, and a route only to a neighbour', () => {
    const inOrder = (commands: readonly Command[], device: string) => {
      const [added, ...twice] = commands.filter(({ kind, subject }) => kind === 'link add' && subject === device);
      const [up] = commands.filter(({ text }) => text === `link set ${device} up`);
      if (!added || !up) return expect.fail(`${device} is not made`);
      expect(twice).to.have.length(0);
      expect(added.at).to.be.lessThan(up.at);
      const own = (kind: string) => of(commands, kind).filter((it) => it.after('dev') === device);
      expect(own('route add')).to.not.have.length(0);
      for (const route of own('route add')) {
        const [address = ''] = route.subject.split('/');
        const neighbour = own('neighbour add').find(({ subject }) => subject === address);
        expect(neighbour?.at, route.text).to.be.within(up.at + 1, route.at - 1);
      }
    };
    for (const host of [HOST, DUAL])
      for (const index of NODES.keys()) {
        const { there, here, outer, inner } = endsOf(host, NODES, index);
        inOrder(there, outer.subject);
        inOrder(here, inner.subject);
      }
  });

  it('are there without their families: the same for a host of any', () => {
    const links = (addresses: readonly string[]) =>
      atHost({ ...HOST, addresses }, NODES)
        .filter(({ kind }) => kind.startsWith('link'))
        .map(({ text }) => text);
    expect(links(['fd00:5::10'])).to.deep.equal(links(['172.17.5.10']));
    expect(links(DUAL.addresses)).to.deep.equal(links(HOST.addresses));
  });
});
