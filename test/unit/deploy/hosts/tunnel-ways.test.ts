import { expect } from 'chai';
import fc from 'fast-check';
import { hostCommands, nodeDevice, nodeTable, type TunnelHost } from '../../../../src/deploy/hosts/tunnel.ts';
import {
  atHost,
  atNode,
  type Command,
  DUAL,
  endsOf,
  HOST,
  isV6,
  like,
  NODES,
  network,
  of,
  RUNS,
  single,
} from './tunnel-fixture.ts';

const SIX: TunnelHost = { ...HOST, addresses: ['fd00:5::10'] };

describe('the ways through the tunnels of hosts', () => {
  it('carry what the host has for each node and pod, with its address of that family, to the node that it is on', () => {
    fc.assert(
      fc.property(network, ({ hosts, nodes }) => {
        for (const host of hosts) {
          const commands = atHost(host, nodes);
          const routes = of(commands, 'route add');
          const expected = nodes.flatMap((node, index) => {
            const device = endsOf(host, nodes, index).outer.subject;
            return host.addresses.flatMap((address) =>
              like(address, [...node.addresses, ...node.pods]).map((end) => `${single(end)} ${device} ${address}`),
            );
          });
          const written = routes.map((route) => `${route.subject} ${route.after('dev')} ${route.after('src')}`);
          expect(written.toSorted()).to.deep.equal(expected.toSorted());
          const asked = new Set(of(commands, 'rule add').map((rule) => `${rule.v6} ${rule.after('lookup')}`));
          const unasked = (route: Command) =>
            !asked.has(`${route.v6} ${route.after('table')}`) || route.v6 !== isV6(route.subject);
          expect(routes.filter(unasked)).to.deep.equal([]);
        }
      }),
      RUNS,
    );
  });

  it('carry back what each pod has for the host, by whichever node it came in, and nothing of anyone else', () => {
    fc.assert(
      fc.property(network, ({ hosts, nodes }) => {
        for (const host of hosts)
          for (const index of nodes.keys()) {
            const { here, inner } = endsOf(host, nodes, index);
            const table = String(nodeTable(host.underlay));
            expect(inner.subject).to.equal(nodeDevice(host.underlay));
            expect(
              of(here, 'route add').map((route) => `${route.subject} ${route.after('dev')} ${route.after('table')}`),
            ).to.have.members(host.addresses.map((address) => `${single(address)} ${inner.subject} ${table}`));
            const rules = of(here, 'rule add');
            const all = nodes.flatMap(({ pods }) => pods);
            const written = rules.map((rule) => `${rule.after('from')} ${rule.after('to')} ${rule.after('lookup')}`);
            const expected = host.addresses.flatMap((address) =>
              like(address, all).map((pod) => `${pod} ${address} ${table}`),
            );
            expect(written.toSorted()).to.deep.equal(expected.toSorted());
            // Else the main table would have them go bare over the bridge.
            for (const rule of rules) expect(Number(rule.after('pref'))).to.be.within(1, 32_765);
          }
      }),
      RUNS,
    );
  });

  it('lead back for a pod of another node, whose answers come by the node that the host came in by', () => {
    const rules = of(atNode(HOST, NODES, 1), 'rule add').map((rule) => rule.after('from'));
    expect(rules).to.deep.equal(['192.168.1.1', '192.168.1.2', '192.168.2.1']);
  });

  it('leave the packets of the tunnels themselves, which are IPv4, to the main table', () => {
    const [first, second, ...more] = of(atHost(DUAL, NODES), 'rule add');
    expect([first?.after('ipproto'), first?.after('dport'), first?.after('lookup'), first?.v6]).to.deep.equal([
      'udp',
      endsOf(HOST, NODES, 0).outer.after('dstport'),
      'main',
      false,
    ]);
    expect(more.map(({ v6 }) => v6)).to.deep.equal([true]);
    for (const own of [second, ...more]) {
      expect(own?.after('lookup')).to.not.equal('main');
      expect(Number(first?.after('pref'))).to.be.lessThan(Number(own?.after('pref')));
      // The main table's own rule (ip-rule(8)).
      expect(Number(own?.after('pref'))).to.be.lessThan(32_766);
    }
  });

  it('begin once every device is up and the host has the address that is their source', () => {
    for (const host of [HOST, DUAL, SIX]) {
      const commands = atHost(host, NODES);
      for (const { subject } of of(commands, 'link add'))
        expect(commands.map(({ text }) => text)).to.include(`link set ${subject} up`);
      expect(atNode(host, NODES, 1).map(({ text }) => text)).to.include(`link set ${nodeDevice(host.underlay)} up`);
      const own = of(commands, 'address add');
      expect(own.map(({ subject }) => subject)).to.deep.equal(host.addresses.map(single));
      for (const route of of(commands, 'route add')) {
        const source = own.find(({ subject }) => subject === single(route.after('src')));
        expect(source?.at, route.text).to.be.below(route.at);
      }
    }
  });

  it('have IPv6 addresses without a check for duplicates, because until it is done they are no source (RFC 4862, 5.4)', () => {
    const added = of(atHost(DUAL, NODES), 'address add').map(({ text }) => text);
    expect(added[0]).to.not.contain('nodad');
    expect(added[1]).to.match(/^address add fd00:5::10\/128 dev lo .*nodad/);
  });

  it('use the command that their family needs', () => {
    expect(hostCommands(HOST, NODES).v6).to.equal('');
    for (const { text, v6 } of [...atHost(DUAL, NODES), ...atNode(DUAL, NODES, 0)]) {
      const words = text
        .split(' ')
        .filter((word) => /^(?:\d+\.){3}\d+(?:\/\d+)?$|^[0-9a-f]*::[0-9a-f:]*(?:\/\d+)?$/.test(word));
      if (!text.startsWith('link')) for (const word of words) expect(isV6(word), text).to.equal(v6);
      if (text.startsWith('link')) expect(v6).to.equal(false);
    }
    expect(of(atHost(SIX, NODES), 'route add').every(({ v6 }) => v6)).to.equal(true);
    expect(of(atHost(SIX, NODES), 'route add')).to.not.have.length(0);
  });
});
