import { expect } from 'chai';
import { marked } from 'marked';
import type { ComparedResult } from '../../../../src/compare/index.ts';
import type { RunResult } from '../../../../src/matrix/index.ts';
import { expectedOf, scenarioOf, seen, stepOf } from '../sample-run.ts';
import { csvRows, dotGraphs, tapCounts } from './readers.ts';
import { compared, FORMATS, type Format, written } from './written.ts';
import { type Element, parseXml } from './xml.ts';
import { requireJunit, requireXml } from './xml-tool.ts';

const NAMES: Readonly<Record<string, string>> = {
  'an end of CDATA': ']]><script>alert(1)</script>',
  'an attribute': '" onload="x" a=\'y\'',
  'a workflow command': '::error::owned',
  'a workflow command on a line of its own': 'x\n::error::owned\r\n::add-mask::x',
  'a table of Markdown': '| a | b\n| --- |',
  HTML: '<img src=x onerror=alert(1)>&lt;',
  'a mention and a link': '@everyone [x](javascript:alert(1)) https://example.org #1 `code`',
  'colours of a terminal': '\x1b[31mred\x1b[0m\x9b2J\u202eevil',
  'a formula': '=cmd|"/c calc"!A1',
  'a test point': 'x\nok 2 - forged\n1..9 # SKIP',
  'no character of XML': '\0\ufffe\ud800',
};

const runWith = (name: string): RunResult => {
  const observed = [seen([name, `${name}/b`, '80/TCP', 'allowed'], { detail: name })];
  const wrong = expectedOf(observed, { [`${name} > ${name}/b 80/TCP`]: 'deny' });
  const failing = stepOf(observed, wrong, { name });
  const broken = stepOf([seen([name, 'a/b', '80/TCP', 'error'], { detail: name })], undefined, {
    name,
    problem: name,
    hint: name,
  });
  const warnings = [{ rule: name, file: name, line: 1, column: 1, message: name }];
  const scenarios = [failing, broken].map((step) =>
    scenarioOf([step], { name, file: name, intent: name, status: step.status, warnings }),
  );
  return { scenarios, timings: {}, problem: name };
};

const comparisonWith = (name: string): ComparedResult => ({
  ...{ before: name, after: name, added: [name], removed: [name], forbidden: ['opened'] },
  comparisons: [
    {
      ...{ name, before: name, after: name },
      counts: {
        ...{ opened: 1, closed: 0, 'may-open': 0, 'may-close': 0, 'may-differ': 0, added: 0, removed: 0 },
        ...{ undecided: 0, unchanged: 0 },
      },
      policies: [{ name, change: 'changed', place: { file: name, line: 1, column: 1 } }],
      ends: [{ name, change: 'added' }],
      groups: [
        {
          ...({ change: 'opened', from: [name], to: [name, 'b'], cells: 1, before: 'deny', after: 'allow' } as const),
          ports: [{ number: 80, protocol: 'TCP' }],
          causes: [{ effect: 'allows', direction: 'ingress', policy: name, place: { file: name, line: 1, column: 1 } }],
        },
      ],
    },
  ],
});

const elementsIn = (element: Element): readonly Element[] => [element, ...element.children.flatMap(elementsIn)];

const linesOf = (text: string): readonly string[] => text.split(/\r?\n/);

/** No tag has an attribute. */
const RENDERED_TAG = /^<\/?(?:h3|p|table|thead|tbody|tr|th|td|code|pre|strong|details|summary|br|ul|li|ol)>$/;

const OWN_TAGS = new Set([
  'html',
  'head',
  'meta',
  'link',
  'title',
  'body',
  'noscript',
  'header',
  'main',
  'section',
  'h2',
  'h3',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'h1',
  'p',
  'ul',
  'li',
  'div',
]);

/** Every line with a meaning of its own is podreach's. */
const HARMLESS: Readonly<Record<Format, (text: string, of: 'run' | 'compare') => void>> = {
  terminal: () => {},
  list: () => {},
  json: (text) => void JSON.parse(text),
  ndjson: (text) => {
    const events = linesOf(text)
      .filter(Boolean)
      .map((line) => JSON.parse(line).event);
    for (const event of events) expect(event).to.be.oneOf(['begin', 'step', 'scenario', 'comparison', 'end']);
  },
  junit: requireJunit,
  github: (text) => {
    const known =
      /^::(?:error|warning) (?:file=[^:,]*,line=\d+(?:,col=\d+)?,)?title=[^:,]*::.*$|^::(?:stop-commands::)?[0-9a-f-]{36}(?:::)?$/;
    for (const line of linesOf(text).filter(Boolean)) expect(line).to.match(known);
  },
  markdown: (text) => {
    const quoted = /<(code|pre)>([^<]*)<\/\1>/g;
    const outside = text.replaceAll(quoted, '');
    expect(outside).not.to.match(/[@[`\\]|javascript|https|script|<img|onerror/);
    for (const [, , inside = ''] of text.matchAll(quoted))
      expect(inside.replaceAll(/&#\d+;/g, '')).not.to.match(/[&<>|@[\]()`*_~#:.!\\]/);
    expect(outside.match(/<\/?(\w+)/g)?.filter((tag) => !/details|summary|br/.test(tag)) ?? []).to.deep.equal([]);
    const rendered = marked.parse(text, { async: false });
    const tags = rendered.match(/<[^>]*>/g) ?? [];
    for (const tag of tags) expect(tag).to.match(RENDERED_TAG);
    // As many rows as a table has, whatever stands in them.
    for (const row of rendered.match(/<tr>.*?<\/tr>/gs) ?? []) expect(row.match(/<t[hd]>/g)).to.have.length(3);
  },
  html: (text, of) => {
    const [, data = ''] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(text) ?? [];
    const outside = text.replace(data, '').replace(/<(script|style)[^>]*>[\s\S]*?<\/\1>/g, '');
    const tags = outside.match(/<\/?(\w+)/g)?.map((tag) => tag.replace(/^<\/?/, '')) ?? [];
    expect(tags.filter((tag) => !OWN_TAGS.has(tag))).to.deep.equal([]);
    if (of === 'run') expect(JSON.parse(data).scenarios).to.have.lengthOf(2);
  },
  csv: (text, of) => {
    const rows = csvRows(text);
    // A heading, and a line for each cell or each group of them, whatever stands in it.
    expect(rows).to.have.lengthOf(of === 'run' ? 3 : 2);
    for (const fields of rows) {
      expect(fields).to.have.lengthOf(of === 'run' ? 14 : 13);
      for (const field of fields) expect(field).not.to.match(/^[=+@-]/);
    }
  },
  tap: (text, of) => {
    const points = linesOf(text).filter((line) => /^(?:not )?ok\b|^\d+\.\./.test(line));
    const isSkipped = points.some((line) => /[^\\]# SKIP/.test(line));
    // A comparison, and two scenarios that only one side has.
    const wanted = of === 'run' ? [3, false, '1..2'] : [4, true, '1..3'];
    expect([points.length, isSkipped, points.at(-1)]).to.deep.equal(wanted);
    // The run broke, so it says why it bails out.
    const { bailout, ...counts } = tapCounts(text);
    expect(typeof bailout).to.equal(of === 'run' ? 'string' : 'boolean');
    const seenBy = of === 'run' ? { count: 2, fail: 2, skip: 0 } : { count: 3, fail: 1, skip: 2 };
    expect(counts).to.deep.equal({ ok: false, extra: 0, ...seenBy });
  },
  svg: (text) => {
    requireXml(text);
    const allowed = ['svg', 'title', 'desc', 'style', 'rect', 'g', 'text'];
    for (const { name, attributes } of elementsIn(parseXml(text))) {
      expect(allowed).to.include(name);
      expect(Object.keys(attributes).join()).not.to.match(/\bon|href/);
    }
  },
  dot: (text, of) => {
    const graphs = dotGraphs(text);
    // The one probe of each of two steps, and the one group of the comparison: an edge between two nodes.
    const graph = { nodes: 2, edges: 1 };
    expect(graphs.map(({ nodes, edges }) => ({ nodes, edges }))).to.deep.equal(of === 'run' ? [graph, graph] : [graph]);
    for (const value of graphs.flatMap(({ values }) => values)) expect(value).not.to.match(/[\p{Cc}]/u);
    const bare = text.replaceAll(/"(?:[^"\\]|\\["\\])*"/g, 'S');
    expect(bare).to.match(/^(?:digraph S \{\n(?: {2}(?:graph|node|edge|n\d+(?: -> n\d+)?) \[[\w=, .]*\];\n)*\}\n)+$/);
  },
};

/** Nothing controls a terminal or hides text, in any format. */
const expectPrintable = (text: string, format: Format): void => {
  const ends = format === 'csv' ? /\r\n|\n/g : /\n/g;
  expect(text.replaceAll(ends, ''), format).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
};

describe('hostile names', () => {
  for (const format of FORMATS)
    for (const [what, name] of Object.entries(NAMES))
      it(`are harmless in ${format}: ${what}`, async () => {
        const texts = {
          run: await written(format, runWith(name)),
          compare: await compared(format, comparisonWith(name)),
        };
        for (const [of, text] of Object.entries(texts) as ['run' | 'compare', string][]) {
          expect(text, of).not.to.equal('');
          expectPrintable(text, format);
          HARMLESS[format](text, of);
          if (format !== 'github') for (const line of linesOf(text)) expect(line).not.to.match(/^::/);
        }
      });
});
