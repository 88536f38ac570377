import { expect } from 'chai';
import { readPeer } from '../../../../src/model/read/peer.ts';
import { readRules } from '../../../../src/model/read/rule.ts';
import { TOP } from '../../../../src/model/read/spot.ts';
import { reading, soundly, ten } from './reading.ts';

describe('reading rules', () => {
  const everything = { peers: null, ports: null };
  const EMPTY = { empty: ['from', 'ports'] };

  it('takes a list that is left out, null or empty for all, and says where it is written empty', () => {
    const written = [{}, null, { from: null, ports: null }, { from: [], ports: [] }];
    expect(soundly((tell) => readRules(written, 'ingress', TOP, tell))).to.deep.equal(
      written.map((rule, index) => ({ ...everything, path: [index], ...(rule?.from !== undefined && EMPTY) })),
    );
  });

  it('has no rules if there are none', () => {
    for (const written of [undefined, null, []])
      expect(soundly((tell) => readRules(written, 'egress', TOP, tell))).to.deep.equal([]);
  });

  for (const [direction, key] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const)
    it(`reads ${direction} rules: ${key} and ports`, () => {
      const written = [{ [key]: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 80 }, { port: 'http' }] }];
      expect(soundly((tell) => readRules(written, direction, TOP, tell))).to.deep.equal([
        {
          peers: [{ kind: 'block', cidr: ten, except: [], path: [0, key, 0] }],
          ports: [
            { protocol: 'TCP', first: 80, last: 80, path: [0, 'ports', 0] },
            { protocol: 'TCP', name: 'http', path: [0, 'ports', 1] },
          ],
          path: [0],
        },
      ]);
    });

  it('leaves out what it tells to be wrong', () => {
    const [rules, problems] = reading((tell) =>
      readRules(['x', { from: [{}, { podSelector: {} }] }], 'ingress', TOP, tell),
    );
    expect(problems).to.have.length(2);
    expect(rules.map(({ path, peers }) => [path, peers?.map((peer) => peer.path)])).to.deep.equal([
      [[1], [[1, 'from', 1]]],
    ]);
  });

  it('refuses the keys of the other direction', () => {
    const [, problems] = reading((tell) => [
      readRules([{ to: [] }], 'ingress', TOP, tell),
      readRules([{ from: [] }], 'egress', TOP, tell),
    ]);
    expect(problems).to.deep.equal([
      '0.to (key): an ingress rule has "from", not "to"',
      '0.from (key): an egress rule has "to", not "from"',
    ]);
  });

  it('says that a peer belongs under from or to, and what else is wrong with it', () => {
    const [, problems] = reading((tell) => [
      readRules([{ namespaceSelector: { matchLabels: { a: true } }, ports: [] }], 'ingress', TOP, tell),
      readRules([{ podSelector: {}, ipBlock: null, port: 80 }], 'egress', TOP, tell),
    ]);
    expect(problems).to.deep.equal([
      '0.namespaceSelector (key): a peer belongs under from: write "from: [{namespaceSelector: …}]"',
      '0.namespaceSelector.matchLabels.a: expected a string, got true: put it in quotes',
      '0.podSelector (key): a peer belongs under to: write "to: [{podSelector: …}]"',
      '0.ipBlock (key): a peer belongs under to: write "to: [{ipBlock: …}]"',
      '0.port (key): a port belongs under ports: write "ports: [{port: …}]"',
    ]);
  });

  it('says where a key of a peer belongs', () => {
    const keys = { ports: [], matchLabels: {}, matchExpressions: [], cidr: '10.0.0.0/8', except: [], podSelectors: {} };
    const [, problems] = reading((tell) => readPeer(keys, TOP, tell));
    expect(problems).to.deep.equal([
      'ports (key): "ports" belongs to the rule, beside its list of peers',
      'matchLabels (key): "matchLabels" belongs under podSelector or namespaceSelector',
      'matchExpressions (key): "matchExpressions" belongs under podSelector or namespaceSelector',
      'cidr (key): "cidr" belongs under ipBlock',
      'except (key): "except" belongs under ipBlock',
      'podSelectors (key): unknown key "podSelectors"; the nearest valid key is "podSelector"',
    ]);
  });

  it('asks for the blank behind a colon', () => {
    const [, problems] = reading((tell) => [
      readRules(['ports:[]', 'ports', 'see a:b', ['a:b']], 'ingress', TOP, tell),
      readPeer({ namespaceSelector: { matchLabels: 'example.org/ingress:""' } }, TOP, tell),
    ]);
    expect(problems).to.deep.equal([
      '0: expected a mapping, got the string "ports:[]": write a space after the colon',
      '1: expected a mapping, got the string "ports"',
      '2: expected a mapping, got the string "see a:b"',
      '3: expected a mapping, got a list',
      'namespaceSelector.matchLabels: expected a mapping, got the string "example.org/ingress:\\"\\"": write a space after the colon',
    ]);
  });
});
