import { expect } from 'chai';
import type { Selector } from '../../../../src/model/policy.ts';
import { readSelector } from '../../../../src/model/read/selector.ts';
import { TOP } from '../../../../src/model/read/spot.ts';

const read = (written: unknown): readonly [Selector, readonly string[]] => {
  const problems: string[] = [];
  const selector = readSelector(written, TOP, ({ path }, message, part) =>
    problems.push(`${path.join('.')}${part === 'key' ? ' (key)' : ''}: ${message}`),
  );
  return [selector, problems];
};

describe('reading a selector', () => {
  it('has no requirements if nothing is written', () => {
    for (const written of [
      {},
      { matchLabels: null, matchExpressions: null },
      { matchLabels: {}, matchExpressions: [] },
    ])
      expect(read(written)).to.deep.equal([{ requirements: [], path: [] }, []]);
  });

  it('makes every label and every expression a requirement, and says where it is written', () => {
    const written = {
      matchExpressions: [
        { key: 'tier', operator: 'NotIn', values: ['db', 'cache'] },
        { key: 'a.b/c', operator: 'Exists' },
        { key: 'old', operator: 'DoesNotExist', values: [] },
      ],
      matchLabels: { app: 'web', zone: '' },
    };
    const requirements = [
      { key: 'app', operator: 'In', values: ['web'], path: ['matchLabels', 'app'] },
      { key: 'zone', operator: 'In', values: [''], path: ['matchLabels', 'zone'] },
      { key: 'tier', operator: 'NotIn', values: ['db', 'cache'], path: ['matchExpressions', 0] },
      { key: 'a.b/c', operator: 'Exists', values: [], path: ['matchExpressions', 1] },
      { key: 'old', operator: 'DoesNotExist', values: [], path: ['matchExpressions', 2] },
    ];
    expect(read(written)).to.deep.equal([{ requirements, path: [] }, []]);
  });

  it('takes null for the empty value, as Go decodes it', () => {
    const [{ requirements }, problems] = read({
      matchLabels: { a: null },
      matchExpressions: [{ key: 'b', operator: 'In', values: [null] }],
    });
    expect(problems).to.deep.equal([]);
    expect(requirements.map(({ values }) => values)).to.deep.equal([[''], ['']]);
  });

  it('has no requirements if it is no selector', () => {
    expect(read('app=web')[0]).to.deep.equal({ requirements: [], path: [] });
  });

  it('leaves out an expression of which a part is missing', () => {
    for (const written of [
      { operator: 'In', values: ['b'] },
      { key: 'a', values: ['b'] },
    ]) {
      const [{ requirements }, problems] = read({ matchExpressions: [written] });
      expect(requirements).to.deep.equal([]);
      expect(problems).to.have.length(1);
    }
  });

  const word = 'letters, digits, "-", "_" and ".", with a letter or a digit at both ends';
  const noKey = `is not a label key: 1 to 63 ${word}, optionally after a DNS name and "/"`;
  const noValue = `is not a label value: empty, or up to 63 ${word}`;
  const expression = (written: unknown) => ({ matchExpressions: [written] });
  const refused: Readonly<Record<string, readonly [written: unknown, ...problems: readonly string[]]>> = {
    'labels without matchLabels': [{ app: 'web' }, 'app (key): "app" is a label: it belongs under matchLabels'],
    'a label without a value beside matchLabels': [
      { app: null },
      'app (key): "app" is a label: it belongs under matchLabels',
    ],
    'matchLabels misspelt': [
      { matchLabel: { app: 'web' } },
      'matchLabel (key): unknown key "matchLabel"; the nearest valid key is "matchLabels"',
    ],
    'no mapping': ['app=web', ': expected a mapping, got the string "app=web"'],
    'labels that are a list': [{ matchLabels: [] }, 'matchLabels: expected a mapping, got a list'],
    'a value that is no string': [
      { matchLabels: { a: 1, b: true, c: ['d'] } },
      'matchLabels.a: expected a string, got the number 1: put it in quotes',
      'matchLabels.b: expected a string, got true: put it in quotes',
      'matchLabels.c: expected a string, got a list',
    ],
    'a wrong key': [{ matchLabels: { 'a b': 'x' } }, `matchLabels.a b (key): "a b" ${noKey}`],
    'a wrong value': [{ matchLabels: { a: '-' } }, `matchLabels.a: "-" ${noValue}`],
    'expressions that are no list': [{ matchExpressions: {} }, 'matchExpressions: expected a list, got a mapping'],
    'an expression that is none': [expression('x'), 'matchExpressions.0: expected a mapping, got the string "x"'],
    'an empty expression': [
      expression(null),
      'matchExpressions.0: key is missing: the key of a label',
      'matchExpressions.0: operator is missing: In, NotIn, Exists, DoesNotExist',
    ],
    'a key that is no string': [
      expression({ key: 1, operator: 'Exists' }),
      'matchExpressions.0.key: expected a string, got the number 1: put it in quotes',
    ],
    'an unknown operator': [
      expression({ key: 'a', operator: 'Inn', values: ['b'] }),
      'matchExpressions.0.operator: "Inn" is not a valid operator; the nearest valid operator is "In"',
    ],
    'In without values': [expression({ key: 'a', operator: 'In' }), 'matchExpressions.0: In needs values'],
    'NotIn without values': [
      expression({ key: 'a', operator: 'NotIn', values: [] }),
      'matchExpressions.0: NotIn needs values',
    ],
    'Exists with values': [
      expression({ key: 'a', operator: 'Exists', values: ['b'] }),
      'matchExpressions.0.values (key): Exists takes no values',
    ],
    'DoesNotExist with values': [
      expression({ key: 'a', operator: 'DoesNotExist', values: [''] }),
      'matchExpressions.0.values (key): DoesNotExist takes no values',
    ],
    'values that are no list': [
      expression({ key: 'a', operator: 'In', values: 'b' }),
      'matchExpressions.0.values: expected a list, got the string "b"',
    ],
    'wrong values and a wrong key': [
      expression({ key: '/a', operator: 'In', values: ['b', 'c d', 1] }),
      `matchExpressions.0.key: "/a" ${noKey}`,
      `matchExpressions.0.values.1: "c d" ${noValue}`,
      'matchExpressions.0.values.2: expected a string, got the number 1: put it in quotes',
    ],
    'a misspelt key': [
      expression({ key: 'a', operator: 'In', value: 'b', values: ['b'] }),
      'matchExpressions.0.value (key): unknown key "value"; the nearest valid key is "values"',
    ],
  };
  for (const [name, [written, ...problems]] of Object.entries(refused))
    it(`refuses ${name}`, () => {
      expect(read(written)[1]).to.deep.equal(problems);
    });
});
