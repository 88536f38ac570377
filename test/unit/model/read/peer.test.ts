import { expect } from 'chai';
import { readPeer } from '../../../../src/model/read/peer.ts';
import { TOP } from '../../../../src/model/read/spot.ts';
import { range, reading, soundly, ten } from './reading.ts';

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
    'what is left out': [{ podSelector: undefined }, empty],
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
      'ipBlock.cidr: invalid cidr "010.0.0.0/8": numbers have no leading zeros',
      'ipBlock.except.0: invalid except "10.0.0.0/024": numbers have no leading zeros',
    ],
    "IPv4 in IPv6's clothes": [
      { ipBlock: { cidr: '::ffff:10.0.0.0/104' } },
      'ipBlock.cidr: invalid cidr "::ffff:10.0.0.0/104": write an IPv4 range in IPv4 notation',
    ],
    'an exception outside': [
      { ipBlock: { cidr: '10.1.0.0/16', except: ['10.1.2.0/24', '10.0.0.0/8'] } },
      'ipBlock.except.1: except 10.0.0.0/8 is not inside cidr 10.1.0.0/16',
    ],
    'an exception of everything': [
      { ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] } },
      'ipBlock.except.0: except 10.0.0.0/8 is not smaller than cidr 10.0.0.0/8',
    ],
    'an exception that is null': [
      { ipBlock: { cidr: '10.0.0.0/8', except: [null] } },
      'ipBlock.except.0: invalid except "": expected a range such as 10.0.0.0/8 or fd00::/8',
    ],
    'an exception that begins where the block does': [
      { ipBlock: { cidr: '10.0.0.0/8', except: ['10.0.0.0/7'] } },
      'ipBlock.except.0: except 10.0.0.0/7 is not inside cidr 10.0.0.0/8',
    ],
    'an exception that ends where the block does': [
      { ipBlock: { cidr: '11.0.0.0/8', except: ['10.0.0.0/7'] } },
      'ipBlock.except.0: except 10.0.0.0/7 is not inside cidr 11.0.0.0/8',
    ],
    'an exception of the same numbers in the other family': [
      { ipBlock: { cidr: '0.0.0.0/0', except: ['::/96'] } },
      'ipBlock.except.0: except ::/96 is not inside cidr 0.0.0.0/0',
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
