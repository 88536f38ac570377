import { expect } from 'chai';
import { listText, namespacesText, portName, selectorText } from '../../../../src/model/lint/text.ts';
import type { PolicyPort, Requirement } from '../../../../src/model/policy.ts';

const named = (count: number) => Array.from({ length: count }, (_, at) => `n${at + 1}`);
const requirement = (key: string, operator: Requirement['operator'], ...values: readonly string[]): Requirement => ({
  ...{ key, operator, values },
  path: [],
});
const port = (own: { readonly name: string } | { readonly first: number; readonly last: number }): PolicyPort => ({
  ...{ protocol: 'TCP', path: [] },
  ...own,
});

describe('lint: texts', () => {
  it('write a selector as kubectl does', () => {
    for (const [requirements, text] of [
      [[], '{}'],
      [[requirement('app', 'In', 'web')], 'app=web'],
      [[requirement('app', 'In', 'web', 'api')], 'app in (web,api)'],
      [[requirement('app', 'NotIn', 'web')], 'app notin (web)'],
      [[requirement('app', 'NotIn', 'web', 'api')], 'app notin (web,api)'],
      [[requirement('app', 'Exists')], 'app'],
      [[requirement('app', 'DoesNotExist')], '!app'],
      [[requirement('app', 'Exists'), requirement('old', 'DoesNotExist')], 'app,!old'],
    ] as const)
      expect(selectorText({ requirements, path: [] })).to.equal(text);
  });

  it('write ten requirements or values, and hint at more', () => {
    const keys = (count: number) =>
      selectorText({ requirements: named(count).map((key) => requirement(key, 'Exists')), path: [] });
    const values = (count: number) =>
      selectorText({ requirements: [requirement('app', 'In', ...named(count))], path: [] });
    expect(keys(10)).to.equal('n1,n2,n3,n4,n5,n6,n7,n8,n9,n10');
    expect(keys(11)).to.equal('n1,n2,n3,n4,n5,n6,n7,n8,n9,n10,…');
    expect(values(10)).to.equal('app in (n1,n2,n3,n4,n5,n6,n7,n8,n9,n10)');
    expect(values(12)).to.equal('app in (n1,n2,n3,n4,n5,n6,n7,n8,n9,n10,…)');
  });

  it('list up to four names, and count the others if there are more', () => {
    expect([0, 1, 2, 3, 4, 5, 9].map((count) => listText(named(count)))).to.deep.equal([
      '',
      'n1',
      'n1 and n2',
      'n1, n2 and n3',
      'n1, n2, n3 and n4',
      'n1, n2, n3 and 2 more',
      'n1, n2, n3 and 6 more',
    ]);
  });

  it('list namespaces', () => {
    expect(namespacesText([{ name: 'a' }])).to.equal('namespace a');
    expect(namespacesText([{ name: 'a' }, { name: 'b' }])).to.equal('namespaces a and b');
  });

  it('write a port with its protocol', () => {
    for (const [own, text] of [
      [{ name: 'http' }, 'http/TCP'],
      [{ first: 80, last: 80 }, '80/TCP'],
      [{ first: 80, last: 81 }, '80-81/TCP'],
      [{ first: 1, last: 65_534 }, '1-65534/TCP'],
      [{ first: 2, last: 65_535 }, '2-65535/TCP'],
      [{ first: 1, last: 65_535 }, 'all TCP'],
    ] as const)
      expect(portName(port(own))).to.equal(text);
  });
});
