import { expect } from 'chai';
import { parseAddress, parseRange } from '../../../src/model/address.ts';
import { matchesPeers } from '../../../src/model/decide.ts';
import { ANY_NODE, type Endpoint } from '../../../src/model/endpoint.ts';
import { type Answer, matchesPeer } from '../../../src/model/match.ts';
import type { Peer, Requirement } from '../../../src/model/policy.ts';
import { meets, selectorKey } from '../../../src/model/selector.ts';

const range = (text: string) => parseRange(text) ?? expect.fail(text);
const block = (cidr: string, ...except: readonly string[]): Peer => ({
  ...{ kind: 'block', cidr: range(cidr), except: except.map(range), path: [] },
});
const at = (...addresses: readonly string[]): Endpoint => ({
  ...ANY_NODE,
  addresses: addresses.map((text) => parseAddress(text) ?? expect.fail(text)),
});
const every = { requirements: [], path: [] };
const everyPod: Peer = { kind: 'pods', pods: every, namespaces: every, path: [] };
const pod: Endpoint = { ...ANY_NODE, kind: 'pod', namespace: { name: 'a', labels: {} } };

describe('matchesPeer', () => {
  const rows: readonly (readonly [what: string, peer: Peer, endpoint: Endpoint, answer: Answer])[] = [
    ['a pod', everyPod, pod, 'yes'],
    ['a pod on the network of its node', everyPod, { ...pod, hostNetwork: true }, 'unknown'],
    ['no pod', everyPod, ANY_NODE, 'no'],
    ['an address inside', block('10.0.0.0/8'), at('10.1.2.3'), 'yes'],
    ['an address outside', block('10.0.0.0/8'), at('11.1.2.3'), 'no'],
    ['an address of an exception', block('10.0.0.0/8', '10.1.0.0/16'), at('10.1.2.3'), 'no'],
    ['two addresses inside', block('10.0.0.0/8'), at('10.1.2.3', '10.1.2.4'), 'yes'],
    ['two addresses outside', block('10.0.0.0/8'), at('11.1.2.3', 'fd00::1'), 'no'],
    ['one of two addresses', block('10.0.0.0/8'), at('10.1.2.3', 'fd00::1'), 'unknown'],
    ['one of two addresses, the other first', block('10.0.0.0/8'), at('fd00::1', '10.1.2.3'), 'unknown'],
    ['an address that is not known', block('10.0.0.0/8'), ANY_NODE, 'unknown'],
    ['every address, known or not', block('0.0.0.0/0'), ANY_NODE, 'yes'],
    ['every address of the other family', block('::/0'), ANY_NODE, 'no'],
    ['every address of one of the families', block('::/0'), { ...ANY_NODE, families: ['IPv4', 'IPv6'] }, 'unknown'],
    ['no address at all', block('0.0.0.0/0'), at(), 'unknown'],
  ];
  for (const [what, peer, endpoint, answer] of rows)
    it(`${what}: ${answer}`, () => {
      expect(matchesPeer(peer, 'a', endpoint)).to.equal(answer);
    });
});

describe('matchesPeers', () => {
  const node = { ...pod, hostNetwork: true };

  it('is sure of a node only if its port is not meant by a name', () => {
    expect(matchesPeers(null, 'a', node, false)).to.equal('yes');
    expect(matchesPeers(null, 'a', node, true)).to.equal('unknown');
    expect(matchesPeers(null, 'a', pod, true)).to.equal('yes');
  });

  it('takes the best answer of the peers', () => {
    const inside = block('10.0.0.0/8');
    expect(matchesPeers([inside, everyPod], 'a', pod, false)).to.equal('yes');
    expect(matchesPeers([block('::/0'), inside], 'a', pod, false)).to.equal('unknown');
    expect(matchesPeers([block('::/0')], 'a', pod, false)).to.equal('no');
  });
});

const requirement = (key: string, operator: Requirement['operator'], ...values: readonly string[]): Requirement => ({
  ...{ key, operator, values },
  path: [],
});

describe('meets', () => {
  const labels = { app: 'web', empty: '' };
  for (const [own, met] of [
    [requirement('app', 'In', 'api', 'web'), true],
    [requirement('app', 'In', 'api'), false],
    [requirement('gone', 'In', 'web'), false],
    [requirement('toString', 'In', ''), false],
    [requirement('app', 'NotIn', 'web'), false],
    [requirement('app', 'NotIn', 'api'), true],
    [requirement('gone', 'NotIn', 'web'), true],
    [requirement('empty', 'In', ''), true],
    [requirement('empty', 'Exists'), true],
    [requirement('gone', 'Exists'), false],
    [requirement('toString', 'Exists'), false],
    [requirement('gone', 'DoesNotExist'), true],
    [requirement('empty', 'DoesNotExist'), false],
  ] as const)
    it(`${own.key} ${own.operator} ${own.values.join()}: ${met}`, () => expect(meets(own, labels)).to.equal(met));
});

describe('selectorKey', () => {
  const key = (...requirements: readonly Requirement[]) => selectorKey({ requirements, path: [] });

  it('does not depend on the order of requirements and values', () => {
    expect(key(requirement('a', 'Exists'), requirement('b', 'In', 'x', 'y'))).to.equal(
      key(requirement('b', 'In', 'y', 'x'), requirement('a', 'Exists')),
    );
  });

  it('differs if selectors do', () => {
    const keys = [
      key(),
      key(requirement('a', 'Exists')),
      key(requirement('a', 'DoesNotExist')),
      key(requirement('b', 'Exists')),
      key(requirement('a', 'Exists'), requirement('b', 'Exists')),
      key(requirement('a', 'In', '')),
      key(requirement('a', 'In', 'x', 'y')),
      key(requirement('a', 'In', 'xy')),
      key(requirement('a', 'NotIn', 'xy')),
    ];
    expect(new Set(keys).size).to.equal(keys.length);
  });
});
