import { expect } from 'chai';
import { type AddressRange, parseRange } from '../../../../src/model/address.ts';
import { coversPeer, coversPorts, coversRule, coversSelector, overlaps } from '../../../../src/model/lint/cover.ts';
import type { Peer, PolicyPort, Requirement, Rule, Selector } from '../../../../src/model/policy.ts';
import type { Protocol } from '../../../../src/model/world.ts';

const path: [] = [];
/** `app=web` or `app in (web,api)`, `app notin (web)`, `app`, `!app`, with a blank between two. */
const selector = (text: string): Selector => ({
  requirements: text.split(';').flatMap((part): Requirement[] => {
    const [, key = '', not = '', values = ''] = /^(\w+) (not)?in \((.*)\)$/.exec(part) ?? [];
    if (key) return [{ key, operator: not ? 'NotIn' : 'In', values: values.split(','), path }];
    if (part.startsWith('!')) return [{ key: part.slice(1), operator: 'DoesNotExist', values: [], path }];
    return part ? [{ key: part, operator: 'Exists', values: [], path }] : [];
  }),
  path,
});
const range = (text: string): AddressRange => parseRange(text) ?? expect.fail(text);
const pods = (own: string, namespaces: string | null = null): Peer => ({
  ...{ kind: 'pods', pods: selector(own), namespaces: namespaces === null ? null : selector(namespaces), path },
});
const block = (cidr: string, ...except: readonly string[]): Peer => ({
  ...{ kind: 'block', cidr: range(cidr), except: except.map(range), path },
});
const numbers = (first: number, last = first, protocol: Protocol = 'TCP'): PolicyPort => ({
  ...{ protocol, first, last, path },
});
const name = (text: string, protocol: Protocol = 'TCP'): PolicyPort => ({ protocol, name: text, path });

describe('lint: what covers what', () => {
  for (const [outer, inner, covers] of [
    ['', 'app in (web)', true],
    ['app in (web)', '', false],
    ['app in (web)', 'app in (web)', true],
    ['app in (web);tier in (back)', 'tier in (back);app in (web)', true],
    ['app in (web)', 'app in (web);tier in (back)', true],
    ['app in (web);tier in (back)', 'app in (web)', false],
    ['app in (web,api)', 'app in (web)', true],
    ['app in (web)', 'app in (web,api)', false],
    ['app', 'app in (web)', true],
    ['app in (web)', 'app', false],
    // A label may be empty; and any other than those that are named.
    ['app in (,web)', 'app', false],
    ['app notin (web)', 'app', false],
    ['app notin (web)', 'app in (api)', true],
    ['app notin (web)', '!app', true],
    ['!app', 'app notin (web)', false],
    ['app notin (web)', 'app notin (web,api)', true],
    ['app notin (web,api)', 'app notin (web)', false],
    ['app', 'app in (web);app notin (web)', true],
  ] as const)
    it(`${outer || '{}'} selects ${covers ? 'all' : 'not all'} that ${inner || '{}'} does`, () => {
      expect(coversSelector(selector(outer), selector(inner))).to.equal(covers);
    });

  const peers: readonly (readonly [what: string, outer: Peer | null, inner: Peer | null, covers: boolean])[] = [
    ['everybody, everybody', null, null, true],
    ['everybody, pods', null, pods(''), true],
    ['pods, everybody', pods(''), null, false],
    ['every block, pods', block('0.0.0.0/0'), pods(''), false],
    ['pods of every namespace, a block', pods('', ''), block('10.0.0.0/8'), false],
    ['pods of every namespace, those beside', pods('', ''), pods(''), true],
    ['pods beside, those of every namespace', pods(''), pods('', ''), false],
    ['fewer pods', pods('app', ''), pods('', ''), false],
    ['a block, a part of it', block('10.0.0.0/8'), block('10.1.0.0/16'), true],
    ['a block, itself', block('10.0.0.0/8'), block('10.0.0.0/8'), true],
    ['a part, its block', block('10.1.0.0/16'), block('10.0.0.0/8'), false],
    ['a block above', block('11.0.0.0/8'), block('10.0.0.0/8'), false],
    ['a block below', block('10.0.0.0/8'), block('11.0.0.0/8'), false],
    ['a block of the other family', block('::/0'), block('10.0.0.0/8'), false],
    ['an exception inside', block('10.0.0.0/8', '10.1.0.0/16'), block('10.0.0.0/8'), false],
    ['an exception that both have', block('10.0.0.0/8', '10.1.0.0/16'), block('10.0.0.0/8', '10.1.0.0/16'), true],
    ['an exception of a larger one', block('10.0.0.0/8', '10.1.1.0/24'), block('10.0.0.0/8', '10.1.0.0/16'), true],
    ['an exception elsewhere', block('10.0.0.0/8', '10.1.0.0/16'), block('10.2.0.0/16'), true],
    ['an exception inside alone', block('10.0.0.0/8'), block('10.0.0.0/8', '10.1.0.0/16'), true],
  ];
  for (const [what, outer, inner, covers] of peers)
    it(`peers: ${what}`, () => {
      expect(coversPeer(outer, inner, 'prod')).to.equal(covers);
    });

  const ports: readonly (readonly [
    what: string,
    outer: PolicyPort | null,
    inner: PolicyPort | null,
    covers: boolean,
  ])[] = [
    ['all, all', null, null, true],
    ['all, a number', null, numbers(80), true],
    ['every number, all', numbers(1, 65_535), null, false],
    ['a range, its ends', numbers(79, 81), numbers(79, 81), true],
    ['a range, one below', numbers(79, 81), numbers(78, 80), false],
    ['a range, one above', numbers(79, 81), numbers(80, 82), false],
    ['another protocol', numbers(80, 80, 'UDP'), numbers(80), false],
    ['a name, itself', name('http'), name('http'), true],
    ['a name, another', name('http'), name('dns'), false],
    ['a name, with another protocol', name('http'), name('http', 'UDP'), false],
    ['a name, a number', name('http'), numbers(80), false],
    ['every number, a name', numbers(1, 65_535), name('http'), true],
    ['all but the first, a name', numbers(2, 65_535), name('http'), false],
    ['all but the last, a name', numbers(1, 65_534), name('http'), false],
  ];
  for (const [what, outer, inner, covers] of ports)
    it(`ports: ${what}`, () => {
      expect(coversPorts(outer, inner)).to.equal(covers);
    });

  it('a rule needs all of its peers and ports let through, each by one rule', () => {
    const rule = (own: Pick<Rule, 'peers' | 'ports'>): Rule => ({ ...own, path });
    const [web, api] = [pods('app in (web)'), pods('app in (api)')];
    const asked = { peers: [web, api], ports: [numbers(80)] };
    const covers = (...rules: readonly Pick<Rule, 'peers' | 'ports'>[]) => coversRule(rules.map(rule), asked, 'prod');
    expect(covers()).to.equal(false);
    expect(covers({ peers: null, ports: null })).to.equal(true);
    expect(covers({ peers: [web], ports: null })).to.equal(false);
    expect(covers({ peers: [api], ports: null })).to.equal(false);
    expect(covers({ peers: [web], ports: null }, { peers: [api], ports: [numbers(80)] })).to.equal(true);
    expect(covers({ peers: [web], ports: null }, { peers: [api], ports: [numbers(81)] })).to.equal(false);
  });

  it('ranges overlap only within their family', () => {
    for (const [one, other, overlap] of [
      ['10.0.0.0/8', '10.1.0.0/16', true],
      ['10.1.0.0/16', '10.0.0.0/8', true],
      ['10.0.0.0/8', '11.0.0.0/8', false],
      ['11.0.0.0/8', '10.0.0.0/8', false],
      // Numbers that are equal.
      ['::10.0.0.0/104', '10.0.0.0/8', false],
    ] as const)
      expect(overlaps(range(one), range(other)), `${one} ${other}`).to.equal(overlap);
  });
});
