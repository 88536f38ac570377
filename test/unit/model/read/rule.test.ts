import { expect } from 'chai';
import { readPeer } from '../../../../src/model/read/peer.ts';
import { readPort } from '../../../../src/model/read/port.ts';
import { readRules } from '../../../../src/model/read/rule.ts';
import { TOP } from '../../../../src/model/read/spot.ts';
import type { Tell } from '../../../../src/model/read/value.ts';

/** What is read, and the problems as `path: message`. */
const reading = <Read>(read: (tell: Tell) => Read): readonly [Read, readonly string[]] => {
  const problems: string[] = [];
  const value = read(({ path }, message, part) =>
    problems.push(`${path.join('.')}${part === 'key' ? ' (key)' : ''}: ${message}`),
  );
  return [value, problems];
};

const soundly = <Read>(read: (tell: Tell) => Read): Read => {
  const [value, problems] = reading(read);
  expect(problems).to.deep.equal([]);
  return value;
};

const range = (text: string, first: bigint, last: bigint, prefixLength: number) => ({
  family: text.includes(':') ? 'IPv6' : 'IPv4',
  first,
  last,
  prefixLength,
  text,
});
const ten = range('10.0.0.0/8', 0x0a000000n, 0x0affffffn, 8);

describe('reading a port of a rule', () => {
  const ports: Readonly<Record<string, readonly [written: unknown, expected: object]>> = {
    'a number, of TCP': [{ port: 80 }, { protocol: 'TCP', first: 80, last: 80 }],
    'a number and a protocol': [
      { port: 53, protocol: 'UDP' },
      { protocol: 'UDP', first: 53, last: 53 },
    ],
    'a range': [
      { port: 80, endPort: 90 },
      { protocol: 'TCP', first: 80, last: 90 },
    ],
    'a range of one': [
      { port: 80, endPort: 80 },
      { protocol: 'TCP', first: 80, last: 80 },
    ],
    'a protocol: all its ports': [{ protocol: 'SCTP' }, { protocol: 'SCTP', first: 1, last: 65535 }],
    'nothing: all TCP ports': [{}, { protocol: 'TCP', first: 1, last: 65535 }],
    'null, which is nothing': [null, { protocol: 'TCP', first: 1, last: 65535 }],
    'a name': [
      { port: 'http', protocol: null, endPort: null },
      { protocol: 'TCP', name: 'http' },
    ],
  };
  for (const [name, [written, expected]] of Object.entries(ports))
    it(name, () => {
      expect(soundly((tell) => readPort(written, TOP, tell))).to.deep.equal({ ...expected, path: [] });
    });

  const refused: Readonly<Record<string, readonly [written: unknown, ...problems: readonly string[]]>> = {
    'port 0': [{ port: 0 }, "port: invalid port 0: 1 to 65535, or a port's name"],
    'a port above the last': [{ port: 65536 }, "port: invalid port 65536: 1 to 65535, or a port's name"],
    'a fraction': [{ port: 80.5 }, "port: invalid port 80.5: 1 to 65535, or a port's name"],
    'no number': [{ port: true }, "port: invalid port true: 1 to 65535, or a port's name"],
    'a quoted number': [{ port: '80' }, 'port: invalid port "80": a number stands without quotes'],
    'a wrong name': [
      { port: 'HTTP' },
      'port: invalid port "HTTP": a name is up to 15 lower case letters and digits, a letter among them, and single "-" between',
    ],
    'an endPort below': [{ port: 80, endPort: 79 }, 'endPort: endPort 79 is below port 80'],
    'an endPort above the last': [
      { port: 80, endPort: 65536 },
      'endPort: invalid endPort 65536: a number from 1 to 65535',
    ],
    'an endPort that is text': [{ port: 80, endPort: '90' }, 'endPort: invalid endPort "90": a number from 1 to 65535'],
    'an endPort alone': [{ endPort: 90 }, 'endPort: endPort 90 has no port to begin at'],
    'an endPort beside a name': [
      { port: 'http', endPort: 90 },
      'endPort: endPort 90 needs a port number to begin at, not a name',
    ],
    'both wrong': [
      { port: 0, endPort: 0 },
      "port: invalid port 0: 1 to 65535, or a port's name",
      'endPort: invalid endPort 0: a number from 1 to 65535',
    ],
    'another protocol': [{ protocol: 'tcp' }, 'protocol: "tcp" is no protocol; the nearest valid protocol is "TCP"'],
    'a protocol that is no string': [{ protocol: 6 }, 'protocol: expected one of TCP, UDP, SCTP, got the number 6'],
    'no mapping': [80, ': expected a mapping, got the number 80'],
  };
  for (const [name, [written, ...problems]] of Object.entries(refused))
    it(`refuses ${name}`, () => {
      expect(reading((tell) => readPort(written, TOP, tell))).to.deep.equal([null, problems]);
    });

  it('refuses a misspelt key', () => {
    const [, problems] = reading((tell) => readPort({ prot: 80 }, TOP, tell));
    expect(problems).to.deep.equal(['prot (key): unknown key "prot"; the nearest valid key is "port"']);
  });
});

describe('reading a peer of a rule', () => {
  const all = (...path: readonly string[]) => ({ requirements: [], path });
  const peers: Readonly<Record<string, readonly [written: unknown, expected: object]>> = {
    'pods of the own namespace': [{ podSelector: {} }, { kind: 'pods', pods: all('podSelector'), namespaces: null }],
    'every pod of namespaces': [
      { namespaceSelector: {}, podSelector: null },
      { kind: 'pods', pods: all(), namespaces: all('namespaceSelector') },
    ],
    'pods of namespaces': [
      { podSelector: {}, namespaceSelector: {} },
      { kind: 'pods', pods: all('podSelector'), namespaces: all('namespaceSelector') },
    ],
    'a block': [{ ipBlock: { cidr: '10.0.0.0/8' } }, { kind: 'block', cidr: ten, except: [] }],
    'a block and its exceptions': [
      { ipBlock: { cidr: 'fd00::/8', except: ['fd01::/16', 'fd00::1/128'] }, podSelector: null },
      {
        kind: 'block',
        cidr: range('fd00::/8', 0xfdn << 120n, (0xfen << 120n) - 1n, 8),
        except: [
          range('fd01::/16', 0xfd01n << 112n, (0xfd02n << 112n) - 1n, 16),
          range('fd00::1/128', (0xfdn << 120n) + 1n, (0xfdn << 120n) + 1n, 128),
        ],
      },
    ],
    'a block with bits behind the prefix': [
      { ipBlock: { cidr: '10.1.2.3/8' } },
      { kind: 'block', cidr: { ...ten, text: '10.1.2.3/8' }, except: [] },
    ],
  };
  for (const [name, [written, expected]] of Object.entries(peers))
    it(name, () => {
      expect(soundly((tell) => readPeer(written, TOP, tell))).to.deep.equal({ ...expected, path: [] });
    });

  const empty = ': the peer is empty: podSelector, namespaceSelector, ipBlock';
  const refused: Readonly<Record<string, readonly [written: unknown, ...problems: readonly string[]]>> = {
    nothing: [{}, empty],
    null: [null, empty],
    'null for everything': [{ podSelector: null, ipBlock: null }, empty],
    'a misspelt key': [
      { podSelectors: {} },
      'podSelectors (key): unknown key "podSelectors"; the nearest valid key is "podSelector"',
    ],
    'a block beside pods': [
      { podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } },
      "ipBlock (key): ipBlock can't stand beside podSelector in one peer",
    ],
    'a block beside namespaces, and wrong itself': [
      { namespaceSelector: {}, ipBlock: { cidr: 'x' } },
      'ipBlock.cidr: invalid cidr "x": expected a range such as 10.0.0.0/8 or fd00::/8',
      "ipBlock (key): ipBlock can't stand beside namespaceSelector in one peer",
    ],
    'a block without cidr': [
      { ipBlock: { except: ['10.0.0.0/8'] } },
      'ipBlock: cidr is missing: such as 10.0.0.0/8 or fd00::/8',
    ],
    'a block that is text': [{ ipBlock: '10.0.0.0/8' }, 'ipBlock: expected a mapping, got the string "10.0.0.0/8"'],
    'a cidr that is no string': [
      { ipBlock: { cidr: 10 } },
      'ipBlock.cidr: expected a string, got the number 10: put it in quotes',
    ],
    'an address': [
      { ipBlock: { cidr: '10.0.0.1' } },
      'ipBlock.cidr: invalid cidr "10.0.0.1": the prefix length is missing, such as /32 or /128',
    ],
    'an IPv6 address': [
      { ipBlock: { cidr: '::' } },
      'ipBlock.cidr: invalid cidr "::": the prefix length is missing, such as /32 or /128',
    ],
    'a word of hexadecimal digits': [
      { ipBlock: { cidr: 'face' } },
      'ipBlock.cidr: invalid cidr "face": expected a range such as 10.0.0.0/8 or fd00::/8',
    ],
    'leading zeros': [
      { ipBlock: { cidr: '010.0.0.0/8', except: ['10.0.0.0/024'] } },
      'ipBlock.cidr: invalid cidr "010.0.0.0/8": a number has no leading zeros',
      'ipBlock.except.0: invalid except "10.0.0.0/024": a number has no leading zeros',
    ],
    "IPv4 in IPv6's clothes": [
      { ipBlock: { cidr: '::ffff:10.0.0.0/104' } },
      'ipBlock.cidr: invalid cidr "::ffff:10.0.0.0/104": an IPv4 range is written as such',
    ],
    'an exception outside': [
      { ipBlock: { cidr: '10.1.0.0/16', except: ['10.1.2.0/24', '10.0.0.0/8'] } },
      'ipBlock.except.1: except 10.0.0.0/8 is not inside cidr 10.1.0.0/16',
    ],
    'an exception of everything': [
      { ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } },
      'ipBlock.except.0: except 10.0.0.0/8 is not smaller than cidr 10.0.0.0/8',
    ],
    'an exception of the other family': [
      { ipBlock: { cidr: '::/0', except: ['10.0.0.0/8'] } },
      'ipBlock.except.0: except 10.0.0.0/8 is not inside cidr ::/0',
    ],
  };
  for (const [name, [written, ...problems]] of Object.entries(refused))
    it(`refuses ${name}`, () => {
      expect(reading((tell) => readPeer(written, TOP, tell))[1]).to.deep.equal(problems);
    });
});

describe('reading rules', () => {
  const everything = { peers: null, ports: null };
  const EMPTY = { empty: ['from', 'ports'] };

  it('takes a list that is left out, null or empty for all, and says where it is written empty', () => {
    const written = [{}, null, { from: null, ports: null }, { from: [], ports: [] }];
    expect(soundly((tell) => readRules(written, 'ingress', TOP, tell))).to.deep.equal(
      written.map((rule, index) => ({ ...everything, path: [index], ...(rule?.from !== undefined && EMPTY) })),
    );
  });

  it('has no rules where there are none', () => {
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
      readRules(['ports:[]', 'ports'], 'ingress', TOP, tell),
      readPeer({ namespaceSelector: { matchLabels: 'example.org/ingress:""' } }, TOP, tell),
    ]);
    expect(problems).to.deep.equal([
      '0: expected a mapping, got the string "ports:[]": write a blank after the colon',
      '1: expected a mapping, got the string "ports"',
      'namespaceSelector.matchLabels: expected a mapping, got the string "example.org/ingress:\\"\\"": write a blank after the colon',
    ]);
  });
});
