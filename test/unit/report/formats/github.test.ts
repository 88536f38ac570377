import { expect } from 'chai';
import { marked } from 'marked';
import type { CellGroup, ComparedResult } from '../../../../src/compare/index.ts';
import type { RunResult } from '../../../../src/matrix/index.ts';
import { cell, recordingOf } from '../recorded.ts';
import { expectedOf, runOf, scenarioOf, seen, stepOf } from '../sample-run.ts';
import { threeRuns } from './three-runs.ts';
import { compared, written } from './written.ts';

/** The annotations, without the lines that keep GitHub from running others. */
const annotated = async (result: RunResult): Promise<string> => {
  const [stop = '', start = '', ...lines] = (await written('github', result)).split('\n');
  const token = /^::stop-commands::([0-9a-f-]{36})$/.exec(stop)?.[1];
  expect(start).to.equal(`::${token}::`);
  return lines.join('\n');
};

const many = (count: number) => {
  const cells = Array.from({ length: count }, (_, at) => seen(['a/x', 'a/y', `${at + 1}/TCP`, 'allowed']));
  const wrong = Object.fromEntries(cells.map(({ port }) => [`a/x > a/y ${port}/TCP`, 'deny' as const]));
  return runOf(scenarioOf([stepOf(cells, expectedOf(cells, wrong))]));
};

const group = (more: Partial<CellGroup>): CellGroup => ({
  ...{ change: 'opened', from: ['dev/client'], to: ['prod/web'], ports: [{ number: 80, protocol: 'TCP' }], cells: 1 },
  ...{ before: 'deny', after: 'allow', causes: [], ...more },
});

const counts = {
  ...{ opened: 1, closed: 1, 'may-open': 0, 'may-close': 0, 'may-differ': 0, added: 0, removed: 0 },
  ...{ undecided: 0, unchanged: 3 },
};

const result: ComparedResult = {
  ...{ before: 'main', after: 'HEAD', added: [], removed: [], forbidden: ['opened'] },
  comparisons: [
    {
      ...{ name: 'shop', before: 'main:k8s', after: 'HEAD:k8s', counts, policies: [], ends: [] },
      groups: [
        group({ change: 'closed', before: 'allow', after: 'deny' }),
        group({
          causes: [
            {
              ...({ effect: 'allows', direction: 'ingress', policy: 'prod/web', rule: 1 } as const),
              place: { file: 'HEAD:k8s/web.yaml', line: 9, column: 5 },
            },
          ],
        }),
      ],
    },
  ],
};

describe('github', () => {
  it('annotates what broke before what differs, each in its file', async () => {
    expect(
      await annotated(threeRuns),
    ).to.equal(`::error file=scenarios/breaks/scenario.yaml,line=1,title=breaks::1 cell broken
::error file=scenarios/differs/scenario.yaml,line=1,title=differs::dev/client -> prod/db 5432/TCP: expected deny, seen allowed
::error file=scenarios/wavers/scenario.yaml,line=1,title=wavers::dev/client -> prod/db 5432/TCP: expected allow, flaky, last seen allowed
`);
  });

  it('has ten at most, the last of which counts the others', async () => {
    const ten = (await annotated(many(10))).trimEnd().split('\n');
    expect(ten).to.have.lengthOf(10);
    expect(ten.at(-1)).to.match(/10\/TCP: expected deny, seen allowed$/);
    const lines = (await annotated(many(30))).trimEnd().split('\n');
    expect(lines).to.have.lengthOf(10);
    expect(lines.at(-1)).to.equal('::error title=podreach::and 21 more, which the report of this step has');
  });

  it('escapes a message and its properties as GitHub documents', async () => {
    const run = runOf(scenarioOf([stepOf([])], { name: 'a:b,c%', file: 'x,y:z%.yaml' }));
    expect(await annotated(run)).to.equal(
      '::error file=x%2Cy%3Az%25.yaml,line=1,title=a%3Ab%2Cc%25%3A only::no cell could be judged\n',
    );
  });

  it('annotates a forbidden change at the rule, in the file as it is checked out', async () => {
    expect(await compared('github', result)).to.match(/^::stop-commands::([0-9a-f-]{36})\n::\1::\n/);
    expect(
      (await compared('github', result)).replace(/^.*\n.*\n/, ''),
    ).to.equal(`::error file=k8s/web.yaml,line=9,col=5,title=shop::opened: dev/client -> prod/web 80/TCP; now allowed by ingress rule 1 of prod/web (HEAD:k8s/web.yaml:9)
::warning file=k8s,line=1,title=shop::closed: dev/client -> prod/web 80/TCP; among the many whose cause was not looked up
`);
  });
});

describe('markdown', () => {
  it('has a row for each scenario, worst first, and the findings folded', async () => {
    const text = await written('markdown', threeRuns);
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && line.includes('<code>'));
    expect(rows.map((row) => /^\| (\w+) \| <code>(\w+)/.exec(row)?.slice(1))).to.deep.equal([
      ['error', 'breaks'],
      ['error', 'skips'],
      ['failed', 'differs'],
      ['failed', 'wavers'],
      ['passed', 'passes'],
    ]);
    expect(text).to.include('<details><summary><code>differs</code></summary>');
    expect(text).to.include('5 scenarios: 1 passed, 2 failed, 2 error');
  });

  it('says of several steps what each of them came to, and keeps columns in line', async () => {
    const differs = seen(['a/x', 'a/y', '80/TCP', 'allowed']);
    const recording = recordingOf([cell('dev/a', 'closed', { enforcedMs: 40 })], { withinMs: 1 });
    const run = runOf(
      scenarioOf([
        stepOf([], null, { name: 'late', status: 'fail', recording }),
        stepOf([differs], expectedOf([differs], { 'a/x > a/y 80/TCP': 'deny' }), { name: 'other' }),
      ]),
    );
    const rendered = marked
      .parse(await written('markdown', run), { async: false })
      .replaceAll(/&#(\d+);/g, (_, sign) => String.fromCharCode(Number(sign)));
    expect(rendered).to.include('late: 1 cell enforced too late; other: 1 cell not as expected</code>');
    const [, shown = ''] = /<pre>(.*?)<\/pre>/s.exec(rendered) ?? [];
    expect(shown).to.include(
      '                    cells    min  median    p95    max  late\n  closed  n1 -> n2      1  40 ms',
    );
    expect(rendered).to.include('1 step not as expected in what was measured');
  });

  it('fits into a comment, and says what is missing', async () => {
    const scenarios = Array.from({ length: 2_000 }, (_, at) =>
      scenarioOf([stepOf([])], { name: `${'漢'.repeat(50)} ${at}`, status: 'error' }),
    );
    const text = await written('markdown', runOf(...scenarios));
    expect(Buffer.byteLength(text)).to.be.within(60_000, 65_536);
    expect(text).to.match(/\n\d+ more parts of this report did not fit here\.\n$/);
  });

  it('says of a comparison what opened and closed, and the verdict', async () => {
    const text = await compared('markdown', result);
    expect(text).to.include('**failed:** 1 cell opened, which is forbidden');
    expect(text).to.include('| opened | <code>dev/client -&#62; prod/web 80/TCP</code> |');
  });
});
