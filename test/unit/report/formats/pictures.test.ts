import { expect } from 'chai';
import { predicted, predictedStepOf, runOf, sampleRun, scenarioOf, seen, stepOf } from '../sample-run.ts';
import { compared, written } from './written.ts';
import { type Element, parseXml } from './xml.ts';

const allIn = (element: Element): readonly Element[] => [element, ...element.children.flatMap(allIn)];
const number = (text: string | undefined): number => Number(text);

describe('svg', () => {
  it('draws each cell in its place, with its mark and what it means', async () => {
    const elements = allIn(parseXml(await written('svg', sampleRun)));
    const rects = elements.filter(({ name, attributes }) => name === 'rect' && attributes.class);
    expect(rects.map(({ attributes, children }) => [attributes.class, children[0]?.text])).to.deep.equal([
      ['self', 'a pod to itself'],
      ['blocked', 'blocked'],
      ['wrong', 'refused, expected allowed'],
      ['allowed', 'allowed'],
      // Both cells of a pod to itself.
      ['self', 'a pod to itself'],
      ['wrong', 'allowed, expected blocked'],
      ['wrong', 'flaky'],
      ['broken', 'error, nothing is known'],
    ]);
    const marks = elements.filter(({ attributes }) => attributes.class === 'mark').map(({ text }) => text);
    expect(marks).to.deep.equal(['#', 'X', '[R≠.]', '.', '#', '#', '[.≠X]', '[~]', '[?]']);
    const labels = elements.filter(({ name, attributes }) => name === 'text' && !attributes.class);
    expect(labels.map(({ text }) => text)).to.deep.equal(['prod/web 80/TCP', 'prod/api 8080/TCP', 'prod/api 53/UDP']);
  });

  it('has room for all of it, and loads nothing', async () => {
    const text = await written('svg', runOf(...sampleRun.scenarios, ...sampleRun.scenarios, scenarioOf([])));
    expect(text).not.to.match(/href|url\(|@import|<image|<script/);
    const root = parseXml(text);
    const groups = root.children.filter(({ name }) => name === 'g');
    expect(groups).to.have.lengthOf(2);
    const tops = groups.map(({ attributes }) => number(/ ([\d.]+)\)$/.exec(attributes.transform ?? '')?.[1]));
    expect((tops[1] ?? 0) - (tops[0] ?? 0)).to.be.above(200);
    expect(number(root.attributes.height)).to.be.above((tops[1] ?? 0) + 200);
  });

  it('marks in a large matrix only what is not as it should be', async () => {
    const many = Array.from({ length: 70 }, (_, at) => `a/p${at}`);
    const cells = many.flatMap((from, row) =>
      many.map((to, column) => predicted([from, to, '80/TCP', (row * column) % 71 > 35 ? 'allow' : 'deny'])),
    );
    const wanted = [{ from: 'a/p3', to: 'a/p9', port: 80, protocol: 'TCP', expectation: 'allow' }] as const;
    const text = await written('svg', runOf(scenarioOf([predictedStepOf(cells, wanted)])));
    const marks = [...text.matchAll(/class="mark"[^>]*>([^<]*)/g)].map(([, mark]) => mark);
    expect(marks).to.deep.equal(['[X≠.]']);
  });
});

describe('dot', () => {
  it('has an edge for what is allowed, and a red one with words for what is not as expected', async () => {
    const text = await written('dot', sampleRun);
    const edges = [...text.matchAll(/^ {2}n(\d) -> n(\d) \[label="([^"]*)"(?:, color="([^"]*)")?/gm)];
    expect(edges.map(([, ...parts]) => parts)).to.deep.equal([
      ['0', '1', '53/UDP: refused, expected allowed', '#c4001d'],
      ['2', '0', '80/TCP: allowed, expected blocked', '#c4001d'],
      ['2', '1', '8080/TCP: flaky', '#c4001d'],
      ['2', '1', '53/UDP: error, nothing is known', '#8a2be2'],
      ['1', '0', '80/TCP', undefined],
    ]);
    expect(text).to.match(/^digraph "small: only \(error\)" \{\n/);
  });

  it('has one node for pods that nothing tells apart, and one edge for ports that look alike', async () => {
    const clients = ['dev/a', 'dev/b', 'dev/c'];
    const cells = clients.flatMap((from) =>
      (['80/TCP', '443/TCP'] as const).map((port) => seen([from, 'prod/web', port, 'allowed'])),
    );
    const text = await written('dot', runOf(scenarioOf([stepOf(cells)])));
    expect(text).to.contain('  n0 [label="dev/a +2", tooltip="dev/a, dev/b, dev/c"];\n  n1 [label="prod/web"];\n');
    expect(text.match(/->.*/g)).to.deep.equal(['-> n1 [label="80/TCP, 443/TCP"];']);
  });

  it('doubles a backslash, because Graphviz replaces what follows one', async () => {
    const text = await written('dot', runOf(scenarioOf([stepOf([seen(['a\\N"', 'b/y', '80/TCP', 'allowed'])])])));
    expect(text).to.contain('n0 [label="a\\\\N\\""];');
  });

  it('has an edge for each group of cells that a change opens or closes', async () => {
    const group = { ports: [{ number: 80, protocol: 'TCP' }], causes: [] } as const;
    const counts = { opened: 2, closed: 1, 'may-open': 0, 'may-close': 0, 'may-differ': 0, added: 0, removed: 0 };
    const text = await compared('dot', {
      ...{ before: 'old', after: 'new', added: [], removed: [], forbidden: [] },
      comparisons: [
        {
          ...{ name: 'shop', before: 'old', after: 'new', policies: [], ends: [] },
          counts: { ...counts, undecided: 1, unchanged: 0 },
          groups: [
            { ...group, change: 'opened', from: ['a/x', 'a/y'], to: ['b/z'], cells: 2, before: 'deny', after: 'allow' },
            { ...group, change: 'closed', from: ['b/z'], to: ['b/z'], cells: 1, before: 'allow', after: 'deny' },
            {
              ...group,
              change: 'undecided',
              from: ['c/u'],
              to: ['b/z'],
              cells: 1,
              before: 'unknown',
              after: 'unknown',
            },
          ],
        },
      ],
    });
    expect(text.match(/n\d.*/g)).to.deep.equal([
      'n0 [label="a/x, a/y"];',
      'n1 [label="b/z"];',
      'n0 -> n1 [label="opened: 80/TCP (2 cells)", color="#1a7f37", fontcolor="#1a7f37"];',
      'n1 -> n1 [label="closed: 80/TCP (1 cell)", color="#c4001d", fontcolor="#c4001d", style="dashed"];',
    ]);
  });
});
