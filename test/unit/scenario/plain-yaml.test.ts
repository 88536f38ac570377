import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { Lexer } from 'yaml';
import { misreadScalars } from '../../../src/scenario/as-kubectl.ts';
import { parseDocuments } from '../../../src/scenario/document.ts';
import { plainDocuments } from '../../../src/scenario/plain-yaml.ts';
import { quickDocuments } from '../../../src/scenario/quick-documents.ts';
import { fullAllowance } from '../../../src/scenario/source.ts';
import { tokensAtMost } from '../../../src/scenario/token-count.ts';
import { root } from '../scripts/temporary-folder.ts';

/** What the careful parser says of a text, if it has nothing to object to. */
const carefully = (text: string) => {
  const problems: object[] = [];
  const documents = parseDocuments('p.yaml', text, problems as never[], fullAllowance());
  const filled = documents.filter(({ value }) => value !== undefined);
  const doubts = documents.flatMap((document) => [...document.faults, ...misreadScalars(document)]);
  return { doubts: [...problems, ...doubts], documents: filled };
};

/** A text is plain only if both parsers read the same, at the same places, and kubectl too. */
const expectAlike = (text: string): boolean => {
  const plain = plainDocuments(text)?.filter(({ value }) => value !== undefined);
  if (!plain) return false;
  const { doubts, documents } = carefully(text);
  expect(doubts, text).to.deep.equal([]);
  expect(plain, text).to.deep.equal(
    documents.map((document) => ({ value: document.value, start: document.nodeAt([])?.range?.[0] })),
  );
  expect(tokensAtMost(text), text).to.be.at.least([...new Lexer().lex(text)].length);
  return true;
};

const manifest = `# A policy.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: prod, labels: {"app": 'web', v: 1.2.3}}
spec:
  podSelector: {}
  ingress:
    - from:
      - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
      - podSelector:
          matchExpressions: [{key: app, operator: In, values: [a, "b c"]}]
      ports:
        - port: 80
          protocol: TCP # a comment
        - {port: http, endPort: 8080}
    - {}
  policyTypes: [Ingress, Egress]
---
---
kind: List
items: []
x: null
z: true
`;

const bits = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    '- ',
    '? ',
    ',',
    '*i',
    '&i ',
    '<<: ',
    '|',
    '>',
    '"',
    "'",
    '#',
    ' #',
    '!',
    '%',
    '\n',
  ],
  ...[
    '\n---\n',
    '...',
    '  ',
    '\n ',
    '__proto__: ',
    '~',
    'Null',
    'yes',
    'True',
    '1e9',
    '.nan',
    '-1',
    '+1',
    '0x1',
    '0o7',
  ],
  ...['010', '1_0', '1.5', '1.', '.5', '1:2', '@', '`', '\\', 'a:b', 'é', '漢', '-', '=', '!!str '],
];

const mutated = fc
  .array(fc.record({ at: fc.nat(), length: fc.nat({ max: 8 }), bit: fc.constantFrom(...bits) }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((changes) =>
    changes.reduce((text, { at, length, bit }) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + bit + text.slice(start + length);
    }, manifest),
  );

describe('plainDocuments', () => {
  it('reads whatever is plain as the careful parser does', () => {
    expect(expectAlike(manifest)).to.equal(true);
    let plain = 0;
    fc.assert(
      fc.property(mutated, (text) => {
        plain += Number(expectAlike(text));
      }),
      { numRuns: 300 },
    );
    expect(plain).to.be.above(30);
  });

  it('reads a part again that only begins as the one before', () => {
    const pod = (name: string, below: string) => `kind: Pod\nmetadata: {name: ${name}}\nspec:\n${below}`;
    const [short, list] = ['  ports:\n    - 80\n', '- 80\n'];
    for (const others of [
      [short, short, short],
      [short, `${short}    - 81\n`],
      [short, `${short}  node: a\n`, short],
      [short, `${short}\n# A comment.\n    - 81\n`],
      [`${short}# A comment.\n`, `${short}# A comment.\nstatus: {}\n`, short],
      ['# Nothing.\n', '# Nothing.\n- 80\n', '# Nothing.\n'],
      [list, `${list}- 81\n`, list],
    ]) {
      const text = others.map((below, at) => pod(`p${at}`, below)).join('---\n');
      expect(expectAlike(text), text).to.equal(true);
    }
    const [one, same, other] = (plainDocuments(
      [pod('a', short), pod('b', short), pod('c', `${short}    - 81\n`)].join('---\n'),
    ) ?? []) as readonly { readonly value: { readonly spec: object } }[];
    expect(one?.value.spec).to.equal(same?.value.spec).and.not.to.equal(other?.value.spec);
    expect(other?.value.spec).to.deep.equal({ ports: [80, 81] });
  });

  it('reads what follows a document that is nearly the same', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        expectAlike(`${manifest}---\n${text}---\n${manifest}`);
      }),
      { numRuns: 300 },
    );
  });

  it('takes most manifests of this repository, and reads them all alike', async () => {
    let [plain, all] = [0, 0];
    for await (const file of glob('{scenarios,test/unit}/**/{policies,changes,k8s}/**/*.yaml', { cwd: root })) {
      all += 1;
      plain += Number(expectAlike(readFileSync(join(root, file), 'utf8')));
    }
    expect(all).to.be.above(50);
    expect(plain / all).to.be.above(0.7);
  });

  for (const [what, text] of Object.entries({
    'a word that is a boolean to kubectl': 'a: on',
    'a number in another notation': 'a: 0x10',
    'an octal number of YAML 1.1': 'a: 010',
    'a number with a point': 'a: 1.5',
    'a number with an exponent': 'a: 1e3',
    'a number too large to be exact': 'a: 12345678901234567890',
    'a sign before a number': 'a: -1',
    'no number': 'a: .nan',
    'an anchor': 'a: &x 1',
    'a tag': 'a: !!str 1',
    'a merge': '<<: {a: b}',
    'a repeated key': 'a: 1\na: 2',
    'a key that is null to kubectl': '~: 1',
    'a key that kubectl rewrites': '1234567: 1',
    'a prototype': '__proto__: 1',
    'several lines': 'a: b\n  c',
    'a block of text': 'a: |\n  b',
    'an escape': 'a: "\\t"',
    'brackets on several lines': 'a: [\n b]',
    'a tab': 'a:\tb',
    'a carriage return': 'a: b\r\n',
    'a directive': '%YAML 1.2\n---\na: b',
    'an end of a document': 'a: b\n...\n',
    'a mistake': 'a: [b',
    'much depth': `${'['.repeat(95)}${']'.repeat(95)}`,
  }))
    it(`leaves to the careful parser: ${what}`, () => {
      expect(plainDocuments(`${text}\n`)).to.equal(null);
    });
});

describe('quickDocuments', () => {
  it('knows every place, once somebody asks', () => {
    const quick = quickDocuments('p.yaml', manifest, fullAllowance()) ?? [];
    const { documents } = carefully(manifest);
    expect(quick).to.have.lengthOf(2);
    for (const [at, document] of quick.entries()) {
      const careful = documents[at] as (typeof documents)[0];
      const paths = [[], ['metadata', 'name'], ['spec', 'ingress', 0, 'ports', 1], ['spec', 'nowhere']];
      for (const path of paths) {
        expect(document.problemAt(path, 'x', 'y')).to.deep.equal(careful.problemAt(path, 'x', 'y'));
        expect(document.problemAtKey(path, 'x')).to.deep.equal(careful.problemAtKey(path, 'x'));
      }
      expect(document.keysAt(['metadata'])).to.deep.equal(careful.keysAt(['metadata']));
      const [part, other] = [document, careful].map((one) => one.inFile('other.yaml').part(['spec', 'ingress']));
      expect(part?.value).to.deep.equal(other?.value);
      expect(part?.problemAt([1], 'x')).to.deep.equal(other?.problemAt([1], 'x'));
    }
  });

  it('takes estimated tokens, and counts them where the estimate is too much', () => {
    const text = 'a: b\n'.repeat(1) + Array.from({ length: 200 }, (_, at) => `k${at}: v\n`).join('');
    const exact = [...new Lexer().lex(text)].length;
    const allowance = { ...fullAllowance(), tokens: 2 * exact + 5 };
    expect(tokensAtMost(text)).to.be.above(exact + 5);
    expect(quickDocuments('a.yaml', text, allowance)).not.to.equal(null);
    // Only a count shows that there is room for this one, so the careful parser counts.
    expect(quickDocuments('b.yaml', text, allowance)).to.equal(null);
    expect(allowance.tokens).to.equal(exact + 5);
    const problems: never[] = [];
    expect(parseDocuments('b.yaml', text, problems, allowance)).to.have.lengthOf(1);
    expect(problems).to.deep.equal([]);
  });
});
