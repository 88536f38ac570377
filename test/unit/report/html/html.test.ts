import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { loadAssets } from '../../../../src/report/html/assets.ts';
import { readRun } from '../../../../src/report/read/run.ts';
import { json } from '../../../../src/report/reporters/index.ts';
import { compared } from '../formats/written.ts';
import { expectedOf, runOf, sampleRun, scenarioOf, seen, stepOf } from '../sample-run.ts';
import { largeRun } from './large-run.ts';
import { pageOf } from './page-of.ts';
import { sampleComparison } from './sample-comparison.ts';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

describe('the HTML report', () => {
  it('runs only its own script and style, and loads nothing', async () => {
    const { html } = await pageOf(sampleRun);
    const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const [, script = ''] = /<script type="module">([\s\S]*?)<\/script>/.exec(html) ?? [];
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
    expect(policy.split('; ')).to.include.members([
      "default-src 'none'",
      `script-src ${hashOf(script)}`,
      `style-src ${hashOf(style)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(policy).not.to.match(/unsafe|https?:|\*/);
    expect(html).not.to.match(/ on\w+=| style=|(?:src|href)="(?!data:,")/);
  });

  it('joins the modules of its script into one without imports', async () => {
    const { script } = await loadAssets();
    expect(script).not.to.match(/^(?:import|export) /m);
    expect(script).not.to.match(/innerHTML|insertAdjacentHTML|document\.write|\beval\b|<\/script/);
  });

  it('has every cell once, by its look', async () => {
    const { data } = await pageOf(sampleRun);
    const [step] = data.scenarios[0]?.steps ?? [];
    expect(step?.ends).to.deep.equal(['prod/web', 'prod/api', 'dev/client']);
    expect(step?.columns.map(([end, head]) => `${step.ends[end]} ${step.heads[head]}`)).to.deep.equal([
      'prod/web 80/TCP',
      'prod/api 8080/TCP',
      'prod/api 53/UDP',
    ]);
    expect(step?.looks.map(({ status, mark, wanted }) => `${status} ${mark} ${wanted}`)).to.deep.equal([
      'blank  ',
      'self # ',
      'match × ×',
      'mismatch R ●',
      'match ● ●',
      'mismatch ● ×',
      'flaky ~ ×',
      'error ? ×',
    ]);
    // A letter for each look, C for the third; a pod to itself has that of its neighbour.
    expect(step?.rowCells.map((kind) => step.cells[kind])).to.deep.equal(['C2D', 'E3', 'FGH']);
  });

  it('names what is wrong first: mismatches, flaky cells, errors', async () => {
    const { data } = await pageOf(sampleRun);
    expect(data.scenarios[0]?.steps[0]?.findings).to.deep.equal([2, 6, 7, 8]);
  });

  it('has the evidence of each cell, and the command that repeats it', async () => {
    const { data } = await pageOf(sampleRun);
    const { evidence = [], details = [], repeat } = data.scenarios[0]?.steps[0] ?? {};
    const found = new Map(evidence.map(([cell, attempts, detail]) => [cell, [attempts, details[detail]]]));
    expect(found.get(2)).to.deep.equal([1, 'nc: Connection refused after 3 ms']);
    expect(found.get(7)).to.deep.equal([3, '']);
    expect(repeat).to.deep.equal([[6, 'kubectl -n dev exec client -- nc 10.0.0.1 80']]);
  });

  it('groups ends that no cell distinguishes', async () => {
    const observed = ['a/one', 'a/two', 'a/three'].flatMap((from) =>
      ['a/one', 'a/two', 'a/three', 'b/x'].map((to) =>
        seen([from, to, '80/TCP', to === 'b/x' ? 'dropped' : 'allowed']),
      ),
    );
    const { data } = await pageOf(runOf(scenarioOf([stepOf(observed)])));
    const [step] = data.scenarios[0]?.steps ?? [];
    expect(step?.groups.map((members) => members.map((end) => step.ends[end]))).to.deep.equal([
      ['a/one', 'a/two', 'a/three'],
    ]);
    expect(step?.cells).to.have.lengthOf(1);
  });

  it('says which cells a step opened and closed', async () => {
    const [open, shut] = (['allowed', 'dropped'] as const).map((verdict) => [
      seen(['a/x', 'a/y', '80/TCP', verdict]),
      seen(['a/x', 'a/z', '80/TCP', verdict === 'allowed' ? 'dropped' : 'allowed']),
    ]);
    const steps = [stepOf(open ?? [], undefined, { name: 'one' }), stepOf(shut ?? [], undefined, { name: 'two' })];
    const { data } = await pageOf(runOf(scenarioOf(steps)));
    const [first, second] = data.scenarios[0]?.steps ?? [];
    expect(first).not.to.have.property('flips');
    expect(second?.flips).to.deep.equal([
      { word: 'opened', count: 1, cells: [1] },
      { word: 'closed', count: 1, cells: [0] },
    ]);
  });

  it('puts what did not pass first', async () => {
    const good = stepOf([seen(['a/x', 'a/y', '80/TCP', 'allowed'])]);
    const observed = [seen(['a/x', 'a/y', '80/TCP', 'allowed'])];
    const bad = stepOf(observed, expectedOf(observed, { 'a/x > a/y 80/TCP': 'deny' }));
    const scenarios = [good, bad].map((step, at) => scenarioOf([step], { name: `number ${at}`, status: step.status }));
    const { data } = await pageOf(runOf(...scenarios));
    expect(data.scenarios.map(({ name, word }) => `${name} ${word}`)).to.deep.equal([
      'number 1 failed',
      'number 0 passed',
    ]);
  });

  it('says without JavaScript what the run came to', async () => {
    const { html } = await pageOf(sampleRun);
    const [, without = ''] = /<noscript>([\s\S]*?)<\/noscript>/.exec(html) ?? [];
    expect(without).to.contain('1 scenario: 1 error').and.to.contain('<li>error: small</li>');
  });

  it('is the same when it is drawn from the JSON report', async () => {
    const again = readRun(JSON.parse([...json(sampleRun)].join('')));
    expect((await pageOf(again)).html).to.equal((await pageOf(sampleRun)).html);
  });

  it('says what it leaves out of a matrix that is too large for it', async () => {
    const { html, data } = await pageOf(largeRun(200));
    const [step] = data.scenarios[0]?.steps ?? [];
    expect(Buffer.byteLength(html)).to.be.below(200_000);
    expect(step?.rowCells).to.have.lengthOf(200);
    // The last row begins with a cell that broke and one that differs; so does the first row end.
    expect(step?.evidence.map(([cell]) => cell)).to.deep.equal([199, 39_800, 39_801]);
    expect(step?.omitted.join(' ')).to.contain('what the tools said');
  });

  it('shows a comparison without a script', async () => {
    const html = await compared('html', sampleComparison);
    expect(html).to.contain(
      '<tr><th scope="row">opened</th><td>a/x → a/y 80/TCP</td><td>now allowed by ingress rule 1 of a/p</td></tr>',
    );
    expect(html).to.contain('failed: 1 cell opened, which is forbidden').and.to.contain('1 opened, 8 unchanged');
    expect(html).to.contain('new one').and.to.contain('new: a/z');
    expect(html).not.to.match(/<script|script-src/);
  });
});
