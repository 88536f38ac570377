import { block, expression, type Groups, labels, letters, peer, selector } from './parts.ts';

export const PEERS: Groups = {
  peer: [
    peer,
    [
      ...[{ podSelector: {} }, { namespaceSelector: {} }, { podSelector: {}, namespaceSelector: {} }],
      { podSelector: null, namespaceSelector: null, ipBlock: { cidr: '10.0.0.0/8' } },
    ],
    [
      ...[null, {}, 'x', [], { podSelector: null }, { ipBlock: null }, { podSelectors: {} }, { podSelector: 'x' }],
      { podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } },
      { namespaceSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } },
      { podSelector: {}, ipBlock: {} },
      { namespaceSelector: { matchLabels: { a: '-' } } },
    ],
  ],
  ipBlock: [
    block,
    [
      ...[{ cidr: '10.0.0.0/8' }, { cidr: '0.0.0.0/0' }, { cidr: '10.0.0.1/32' }],
      ...[{ cidr: '::/0' }, { cidr: '::10.0.0.1/128' }, { cidr: 'FD00:0000::/8' }, { cidr: '1:2:3:4:5:6:7::/128' }],
      ...[{ cidr: '64:ff9b::10.0.0.0/104' }, { cidr: '10.0.0.0/8', except: null }, { cidr: '10.0.0.0/8', except: [] }],
      { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.1.0.0/16', '10.2.3.4/32'] },
      { cidr: '::/0', except: ['fd00::/8'] },
    ],
    [
      ...[{}, { cidr: null }, { cidr: '' }, { cidr: 1 }, { cidr: '10.0.0.0' }, { cidr: '10.0.0.0/33' }],
      ...[
        { cidr: '10.0.0.0/' },
        { cidr: '/8' },
        { cidr: '10.0.0/8' },
        { cidr: '10.0.0.0/-1' },
        { cidr: '10.0.0.0/+8' },
      ],
      ...[{ cidr: '256.0.0.0/8' }, { cidr: '10.0.0.0/8 ' }, { cidr: '10.0.0.0/8/8' }, { cidr: '0x0a.0.0.0/8' }],
      ...[{ cidr: 'fd00::/129' }, { cidr: 'fd00::%eth0/8' }, { cidr: '1:2:3:4:5:6:7:8::/128' }, '10.0.0.0/8'],
      ...[
        { cidr: '10.0.0.0/8', except: '10.1.0.0/16' },
        { cidr: '10.0.0.0/8', excepts: [] },
      ],
      ...['10.0.0.0/8', '0.0.0.0/0', '11.0.0.0/16', 'fd00::/16', '', null, 'x', '10.1.0.0'].map((written) => ({
        cidr: '10.0.0.0/8',
        except: [written],
      })),
      { cidr: '::/0', except: ['10.0.0.0/8'] },
      { cidr: '0.0.0.0/0', except: ['::/1'] },
      { cidr: 'x', except: ['10.0.0.0/8'] },
    ],
  ],
  matchLabels: [
    labels,
    [
      ...[null, {}, { a: '' }, { a: null }, { a: 'b', c: 'd' }, { A: 'X_y.z-0' }, { 'a.b/C_d': 'x' }],
      ...[{ [letters(63)]: letters(63) }, { [`${letters(253)}/b`]: 'x' }, { [`${letters(64)}.c/b`]: 'x' }],
    ],
    [
      ...[[], 'x', { a: 1 }, { a: true }, { a: ['b'] }, { '': 'x' }, { 'a b': 'x' }, { _a: 'x' }, { 'a/b/c': 'x' }],
      ...[{ '/b': 'x' }, { 'a/': 'x' }, { 'A/b': 'x' }, { a: 'b c' }, { a: '-b' }, { a: 'b.' }, { a: 'b\n' }],
      ...[{ [letters(64)]: 'x' }, { a: letters(64) }, { [`${letters(254)}/b`]: 'x' }],
    ],
  ],
  matchExpressions: [
    expression,
    [
      ...[
        { key: 'a', operator: 'Exists' },
        { key: 'a', operator: 'DoesNotExist', values: [] },
      ],
      ...[
        { key: 'a', operator: 'Exists', values: null },
        { key: 'a', operator: 'In', values: ['b', 'b'] },
      ],
      ...[
        { key: 'a', operator: 'NotIn', values: ['', null] },
        { key: 'a.b/c', operator: 'In', values: ['b', 'c'] },
      ],
    ],
    [
      ...[null, {}, 'x', { key: 'a' }, { operator: 'Exists' }, { key: '', operator: 'Exists' }],
      ...[
        { key: 'a b', operator: 'Exists' },
        { key: 1, operator: 'Exists' },
        { key: 'a', operator: null },
      ],
      ...['', 'in', 'Inn', 'Gt', 'exists'].map((operator) => ({ key: 'a', operator, values: ['b'] })),
      ...[null, [], 'b', [1], ['b c'], ['-']].map((values) => ({ key: 'a', operator: 'In', values })),
      ...[
        { key: 'a', operator: 'NotIn' },
        { key: 'a', operator: 'Exists', values: ['b'] },
      ],
      ...[
        { key: 'a', operator: 'DoesNotExist', values: [''] },
        { key: 'a', operator: 'Exists', value: 'b' },
      ],
    ],
  ],
  selector: [selector, [{}, { matchExpressions: null }], [{ app: 'web' }, [], 'x', { matchExpressions: {} }]],
};
