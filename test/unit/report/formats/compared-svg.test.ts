import { expect } from 'chai';
import type { CellGroup, ComparedResult, Comparison } from '../../../../src/compare/index.ts';
import { compared } from './written.ts';
import { type Element, parseXml } from './xml.ts';
import { requireXml } from './xml-tool.ts';

const HTTP = [{ number: 80, protocol: 'TCP' }] as const;
const group = (change: CellGroup['change'], from: string[], to: string[], more: Partial<CellGroup> = {}): CellGroup => {
  const ports = more.ports ?? HTTP;
  const pairs = from.flatMap((one) => to.filter((other) => other !== one));
  const sides = { before: 'deny', after: 'allow' } as const;
  return { change, from, to, ports, cells: pairs.length * ports.length, ...sides, causes: [], ...more };
};

const NONE = { opened: 0, closed: 0, 'may-open': 0, 'may-close': 0, 'may-differ': 0, added: 0, removed: 0 };

const comparison = (groups: readonly CellGroup[], name = 'shop'): Comparison => {
  const counts: Record<CellGroup['change'] | 'unchanged', number> = { ...NONE, undecided: 0, unchanged: 3 };
  for (const { change, cells } of groups) counts[change] += cells;
  return { name, before: 'old', after: 'new', counts, groups, policies: [], ends: [] };
};

const resultOf = (comparisons: readonly Comparison[], more: Partial<ComparedResult> = {}): ComparedResult => ({
  ...{ before: 'old', after: 'new', added: [], removed: [], forbidden: [], comparisons },
  ...more,
});

const allIn = (element: Element): readonly Element[] => [element, ...element.children.flatMap(allIn)];

const drawn = async (result: ComparedResult) => {
  const text = await compared('svg', result);
  requireXml(text);
  const root = parseXml(text);
  const elements = allIn(root);
  const textsOf = (wanted: string | undefined) =>
    elements.filter(({ name, attributes }) => name === 'text' && attributes.class === wanted).map((one) => one.text);
  const rects = elements.filter(({ name, attributes }) => name === 'rect' && attributes.class);
  return {
    ...{ text, root, textsOf },
    boxes: rects.map(({ attributes, children }) => [attributes.class, children[0]?.text]),
  };
};

describe('the picture of a comparison', () => {
  const cause = {
    ...({ effect: 'allows', direction: 'ingress', policy: 'prod/web', rule: 1 } as const),
    place: { file: 'web.yaml', line: 12, column: 7 },
  };
  const mixed = comparison([
    group('opened', ['dev/a', 'dev/b'], ['prod/web'], { causes: [cause] }),
    group('closed', ['dev/a', 'dev/b', 'dev/c'], ['prod/db'], { before: 'allow', after: 'deny' }),
    group('undecided', ['dev/c'], ['prod/web'], { before: 'unknown', after: 'unknown', doubt: 'undefined' }),
    group('undecided', ['dev/never'], ['prod/shown'], { before: 'unknown', after: 'unknown', doubt: 'undefined' }),
    group('may-open', ['prod/web'], ['prod/db'], { after: 'unknown', doubt: 'address-unknown' }),
  ]);

  it('has a row for each class of sources, a column for each of destinations, and cells that colour and mark tell apart', async () => {
    const { boxes, textsOf } = await drawn(resultOf([mixed]));
    expect(textsOf('row')).to.deep.equal(['dev/a +1', 'dev/c', 'prod/web']);
    expect(textsOf(undefined)).to.deep.equal(['prod/web 80/TCP', 'prod/db 80/TCP']);
    const legend = [
      ['opened', 'opened'],
      ['closed', 'closed'],
      ['perhaps', 'perhaps opened'],
      ['undecided', 'undecided but not affected'],
      ['self', 'an end to itself'],
    ];
    expect(boxes).to.deep.equal([
      ['opened', 'opened: now allowed by ingress rule 1 of prod/web (web.yaml:12)'],
      ['closed', 'closed: among the many whose cause was not looked up'],
      ['undecided', 'undecided but not affected: the specification leaves it undefined'],
      ['closed', 'closed: among the many whose cause was not looked up'],
      ['self', 'an end to itself'],
      ['perhaps', 'perhaps opened: it depends on an address that is not known'],
      ...legend,
    ]);
    expect(textsOf('mark')).to.deep.equal(['+', '−', '?', '−', '#', '+?', '+', '−', '+?', '?', '#']);
    expect(textsOf('key')).to.deep.equal([
      ...legend.map(([, meaning]) => meaning),
      'rows and columns in which nothing changes are left out',
      'rows and columns with identical marks are grouped:',
      '  dev/a +1: dev/b',
    ]);
  });

  it('shows what stays as it is beside what changes', async () => {
    const { boxes } = await drawn(
      resultOf([comparison([group('opened', ['a/x'], ['b/z']), group('closed', ['a/y'], ['b/w'])])]),
    );
    expect(boxes.map(([look]) => look)).to.deep.equal([
      ...['opened', 'same', 'same', 'closed'],
      ...['opened', 'closed', 'same'],
    ]);
  });

  it('tells what is new or gone by what it is, and what was wanted', async () => {
    const { textsOf } = await drawn(
      resultOf([
        comparison([
          group('added', ['a/x'], ['b/z'], { before: null, after: 'allow' }),
          group('added', ['a/y'], ['b/z'], { before: null, after: 'deny' }),
          group('removed', ['a/v'], ['b/z'], { before: 'deny', after: null }),
          group('opened', ['a/w'], ['b/z'], { wanted: true }),
        ]),
      ]),
    );
    expect(textsOf('mark').slice(0, 4)).to.deep.equal(['n.', 'nX', 'gX', '+w']);
    expect(textsOf('key').slice(0, 4)).to.deep.equal([
      'opened, as wanted',
      'new, allowed',
      'new, blocked',
      'gone, was blocked',
    ]);
  });

  it('has a column for ports that are alike, and one for each family', async () => {
    const ports = [...HTTP, { number: 443, protocol: 'TCP' }] as const;
    const { textsOf } = await drawn(
      resultOf([
        comparison([
          group('opened', ['a/x'], ['b/z'], { ports, family: 'IPv4' }),
          group('closed', ['a/x'], ['b/z'], { ports: HTTP, family: 'IPv6' }),
        ]),
      ]),
    );
    expect(textsOf(undefined)).to.deep.equal(['b/z 80/TCP, 443/TCP v4', 'b/z 80/TCP v6']);
  });

  it('is named and described for those who do not see it', async () => {
    const { root } = await drawn(resultOf([mixed], { forbidden: ['opened'] }));
    expect(root.attributes.role).to.equal('img');
    const [title, description] = root.children;
    expect([title?.name, title?.text]).to.deep.equal(['title', 'podreach: old → new, predicted']);
    expect(description?.name).to.equal('desc');
    expect(description?.text.split('\n').slice(0, 3)).to.deep.equal([
      'failed: 2 cells opened, which is forbidden',
      'comparison shop: 2 opened, 3 closed, 1 perhaps opened, 2 undecided but not affected, 3 unchanged',
      'opened: dev/a, dev/b -> prod/web 80/TCP (2 cells); now allowed by ingress rule 1 of prod/web (web.yaml:12)',
    ]);
  });

  it('counts what it does not draw, what is forbidden first', async () => {
    const many = Array.from({ length: 150 }, (_, at) => group('closed', [`a/p${at}`], [`b/q${at}`]));
    const { textsOf } = await drawn(
      resultOf([comparison([...many, group('opened', ['a/late'], ['b/late'])])], { forbidden: ['opened'] }),
    );
    expect(textsOf('row')).to.have.lengthOf(100).and.to.include('a/late');
    expect(textsOf('key')).to.include(
      'not drawn: 51 more rows and 51 more columns, with 51 cells that changed; other reports have them',
    );
    // Not each cell that stays as it is.
    expect(textsOf('mark')).to.have.lengthOf(103);
  });

  it('names comparisons in which nothing changes, and scenarios that one side has', async () => {
    const { textsOf, boxes } = await drawn(
      resultOf([comparison([], 'calm')], { added: ['extra'], removed: ['old one'] }),
    );
    expect(boxes).to.deep.equal([]);
    expect(textsOf('title')).to.deep.equal(['old → new, predicted']);
    expect(textsOf('key')).to.deep.equal([
      'calm: 3 unchanged',
      'extra: only after the change, so there is nothing to compare it with',
      'old one: only before the change, so there is nothing to compare it with',
    ]);
  });
});
