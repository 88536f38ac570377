import { expect } from 'chai';
import { parseRange } from '../../../../src/model/address.ts';
import { advise } from '../../../../src/model/explain/advice.ts';
import { effectBetween } from '../../../../src/model/explain/advice-effect.ts';
import type { Reach } from '../../../../src/model/explain/advice-reach.ts';
import { widest, widthOfAll } from '../../../../src/model/explain/advice-reach.ts';
import { compile, type Probe, withPolicies } from '../../../../src/model/index.ts';
import { reachText } from '../../../../src/report/explain/advice.ts';
import { inputOf, policiesOf, probeOf } from './explain-fixture.ts';

const tcp = (...numbers: number[]) => numbers.map((number) => ({ number, protocol: 'TCP' as const }));
const cast = {
  pods: {
    'prod/web': { labels: { app: 'web' }, ports: tcp(80) },
    'prod/db': { labels: { app: 'db' }, ports: tcp(5432, 9187) },
    'dev/client': { labels: { role: 'client' } },
  },
};

describe('the addresses for which a port opens a block', () => {
  const { world } = inputOf(cast, {});
  /** For whom else the port is opened to the office's address. */
  const reached = (cidr: string, except: string, address = '192.0.2.1') => {
    const rule = `{from: [{ipBlock: {cidr: "${cidr}", except: [${except}]}}], ports: [{port: 1}]}`;
    const policies = policiesOf({ 'prod/db': `{podSelector: {matchLabels: {app: db}}, ingress: [${rule}]}` });
    const hosts = [{ name: 'office', addresses: [address] }];
    const { changes } = advise({ world: { ...world, hosts }, policies }, probeOf('host:office > prod/db 5432'));
    return changes.find(({ change }) => change.kind === 'port')?.reach.map(reachText);
  };

  for (const [cidr, except, others] of [
    ['192.0.2.1/32', '', false],
    ['192.0.2.0/31', '', true],
    ['192.0.2.0/31', '192.0.2.0/32', false],
    ['192.0.2.0/30', '192.0.2.0/32, 192.0.2.3/32', true],
    ['192.0.2.0/30', '192.0.2.0/32, 192.0.2.2/31', false],
    ['192.0.2.0/29', '192.0.2.0/32, 192.0.2.2/31, 192.0.2.4/31, 192.0.2.6/32', true],
    ['192.0.2.0/29', '192.0.2.0/32, 192.0.2.2/31, 192.0.2.4/31, 192.0.2.7/32', true],
    ['192.0.2.0/29', '192.0.2.0/32, 192.0.2.2/31, 192.0.2.4/30', false],
  ] as const)
    it(`are ${others ? 'others too' : 'no others'} in ${cidr}${except && ` but ${except}`}`, () => {
      const told = reached(cidr, except);
      if (others) expect(told).to.deep.equal([`from all of ${cidr}${except && ` except ${except}`}`]);
      else expect(told).to.deep.equal([]);
    });

  it('are no others in a block of one address of IPv6', () => {
    expect(reached('fd00::1/128', '', 'fd00::1')).to.deep.equal([]);
    expect(reached('fd00::/127', '', 'fd00::1')).to.deep.equal(['from all of fd00::/127']);
  });
});

describe('the reach of a change', () => {
  const block = (cidr: string): Reach => ({
    ...{ kind: 'addresses', end: 'from' },
    block: { kind: 'block', cidr: parseRange(cidr) ?? expect.fail(cidr), except: [], path: [] },
  });
  const everywhere: Reach = { kind: 'everywhere', end: 'from' };
  const namespaces: Reach = { kind: 'namespaces', end: 'from' };
  const namespace: Reach = { kind: 'namespace', end: 'from', name: 'prod' };

  it('is wider from some addresses to one namespace, every namespace, every address and everywhere', () => {
    const narrowFirst = [block('10.0.0.0/8'), namespace, namespaces, block('0.0.0.0/0'), everywhere];
    const widths = narrowFirst.map((reach) => widthOfAll([reach]));
    expect(widths).to.deep.equal(widths.toSorted((a, b) => a - b));
    expect(new Set(widths).size).to.equal(5);
    expect(widest(narrowFirst)).to.deep.equal([everywhere]);
    expect(widest([block('0.0.0.0/0'), namespace])).to.deep.equal([block('0.0.0.0/0')]);
  });

  it('adds up over the ends, of each the widest', () => {
    const to: Reach = { kind: 'namespace', end: 'to', name: 'prod' };
    expect(widest([to, namespace, everywhere])).to.deep.equal([everywhere, to]);
    expect(widthOfAll([])).to.equal(0);
    expect(widthOfAll([everywhere, to])).to.equal(widthOfAll([everywhere]) + widthOfAll([to]));
  });
});

describe('the effect of a change', () => {
  const world = inputOf(cast, {}).world;
  const closed = { 'prod/deny': '{podSelector: {}}' };
  const shut = compile(world, policiesOf(closed));
  const inProd = ({ namespace }: { readonly namespace: { readonly name: string } | null }) =>
    namespace?.name === 'prod';
  const effect = (wanted: readonly string[], reverse = false) => {
    const probes = wanted.map((text): Probe => probeOf(text));
    const after = withPolicies(shut, []);
    return reverse
      ? effectBetween(after, withPolicies(after, policiesOf(closed)), inProd, probes)
      : effectBetween(shut, after, inProd, probes);
  };

  it('counts the connections to declared ports, except those that are wanted', () => {
    // From two others each to one port of web and two of db.
    expect(effect([])).to.include({ opens: 6, closes: 0 });
    expect(effect(['dev/client > prod/db 5432'])).to.include({ opens: 5, closes: 0 });
    expect(effect(['dev/client > prod/db 5432/UDP', 'dev/client > prod/db 1'])).to.include({ opens: 6, closes: 0 });
    expect(effect([], true)).to.include({ opens: 0, closes: 6 });
    expect(effect(['dev/client > prod/db 5432'], true)).to.include({ opens: 0, closes: 5 });
  });

  it('names two that it opens, none of a pod to itself and none that is wanted', () => {
    const all = ['prod/db > prod/web 80', 'dev/client > prod/web 80', 'prod/web > prod/db 5432'];
    const { opened } = effect(all);
    expect(opened).to.have.lengthOf(2);
    for (const { from, to, port } of opened) {
      expect(from).to.not.equal(to);
      expect(all).to.not.include(`${from} > ${to} ${port}`);
    }
    expect(effect([], true).opened).to.deep.equal([]);
  });

  it('names the connections between replicas, each of two ends', () => {
    const replica = { labels: { app: 'web' }, ports: tcp(80) };
    const replicas = inputOf({ pods: { 'prod/a': replica, 'prod/b': replica } }, {}).world;
    const before = compile(replicas, policiesOf(closed));
    expect(effectBetween(before, withPolicies(before, []), inProd, [])).to.deep.equal({
      ...{ opens: 2, closes: 0 },
      opened: [probeOf('prod/a > prod/b 80'), probeOf('prod/b > prod/a 80')],
    });
  });
});
