import { expect } from 'chai';
import type { CellGroup, ComparedResult, Comparison } from '../../../../src/compare/index.ts';
import { reporters } from '../../../../src/report/reporters/index.ts';
import { compared } from './written.ts';
import { parseXml } from './xml.ts';
import { requireJunit } from './xml-tool.ts';

const group = (change: CellGroup['change'], more: Partial<CellGroup> = {}): CellGroup => ({
  ...{ change, from: ['dev/client'], to: ['prod/web'], ports: [{ number: 80, protocol: 'TCP' }], cells: 1 },
  ...{ before: 'deny', after: 'allow', causes: [], ...more },
});

const NONE = { opened: 0, closed: 0, 'may-open': 0, 'may-close': 0, 'may-differ': 0, added: 0, removed: 0 };

const comparison = (name: string, groups: readonly CellGroup[] = []): Comparison => {
  const counts: Record<CellGroup['change'] | 'unchanged', number> = { ...NONE, undecided: 0, unchanged: 3 };
  for (const { change, cells } of groups) counts[change] += cells;
  return { name, before: 'old', after: 'new', counts, groups, policies: [], ends: [] };
};

const resultOf = (comparisons: readonly Comparison[], more: Partial<ComparedResult> = {}): ComparedResult => ({
  ...{ before: 'old', after: 'new', added: ['extra'], removed: [], forbidden: [], comparisons },
  ...more,
});

const same = comparison('same');
const closes = comparison('closes', [group('closed', { cells: 7, before: 'allow', after: 'deny' })]);
const opens = comparison('opens', [group('closed'), group('opened', { cells: 2, from: ['dev/client', 'dev/job'] })]);
const doubtful = comparison('doubtful', [group('may-open', { doubt: 'address-unknown', after: 'unknown' })]);
const all = [same, closes, doubtful, opens];
const forbidding = resultOf(all, { forbidden: ['opened'] });

const terminalText = (result: ComparedResult, width: number) =>
  reporters.terminal({ colour: false, width }).onCompared?.(result);

describe('a comparison', () => {
  it('is a test case in junit: failed where something is forbidden, skipped where nothing is', async () => {
    const casesOf = async (result: ComparedResult) => {
      const text = await compared('junit', result);
      requireJunit(text);
      const root = parseXml(text);
      return (root.children[0]?.children ?? []).map(({ attributes, children: [detail] }) => [
        ...[attributes.name, detail?.name, detail?.attributes.message],
      ]);
    };
    const lonely = ['extra', 'skipped', 'only after the change, so there is nothing to compare it with'];
    expect(await casesOf(forbidding)).to.deep.equal([
      ['same', undefined, undefined],
      ['closes', undefined, undefined],
      ['doubtful', 'error', '1 cell may be opened, which is forbidden; 1 perhaps opened, 3 unchanged'],
      ['opens', 'failure', '2 cells opened, which is forbidden; 2 opened, 1 closed, 3 unchanged'],
      lonely,
    ]);
    expect(await casesOf(resultOf([closes]))).to.deep.equal([
      ['closes', 'skipped', '7 closed, 3 unchanged; nothing is forbidden'],
      lonely,
    ]);
  });

  it('is a test point in tap, with what changed below it, what is forbidden first', async () => {
    const text = await compared('tap', forbidding);
    expect(text.split('\n').filter((line) => /^(?:not )?ok|^1\.\.|^TAP/.test(line))).to.deep.equal([
      'TAP version 14',
      'ok 1 - same',
      'ok 2 - closes',
      'not ok 3 - doubtful',
      'not ok 4 - opens',
      'ok 5 - extra # SKIP only after the change, so there is nothing to compare it with',
      '1..5',
    ]);
    expect(text).to.match(/findings:\n {4}- "opened: dev\/client, dev\/job -> .*\n {4}- "closed: dev\/client -> /);
  });

  it('is a line in list, those with something forbidden first', async () => {
    expect(await compared('list', forbidding)).to.equal(`failed  opens: 2 opened, 1 closed, 3 unchanged
error   doubtful: 1 perhaps opened, 3 unchanged
passed  closes: 7 closed, 3 unchanged
passed  same: 3 unchanged
skipped extra: only after the change, so there is nothing to compare it with
`);
    expect(await compared('list', resultOf([same, opens]))).to.match(/^changed opens: .*\nsame {4}same: /);
  });

  it('has a line for each group of cells in csv', async () => {
    expect((await compared('csv', resultOf([opens]))).split('\r\n')).to.deep.equal([
      'comparison,change,wanted,before,after,cells,sources,destinations,from,to,ports,family,because',
      'opens,closed,false,deny,allow,1,1,1,dev/client,prod/web,80/TCP,,among the many whose cause was not looked up',
      'opens,opened,false,deny,allow,2,2,1,"dev/client, dev/job",prod/web,80/TCP,,among the many whose cause was not looked up',
      '',
    ]);
  });

  it('is in markdown with what is forbidden first, then what changed most, and the unchanged on a line', async () => {
    const text = await compared('markdown', resultOf([...all, comparison('equal')], { forbidden: ['opened'] }));
    const heads = [...text.matchAll(/^\*\*<code>(\w+)/gm)].map(([, name]) => name);
    expect(heads).to.deep.equal(['opens', 'doubtful', 'closes']);
    expect(text.indexOf('| opened |')).to.be.below(text.indexOf('| closed |'));
    expect(text).to.contain('Unchanged: <code>same</code>, <code>equal</code>\n');
  });

  it('breaks lines on a narrow terminal so that a cause does not look like the cells below it', () => {
    const place = { file: 'policies/web.yaml', line: 12, column: 7 };
    const cause = { effect: 'allows', direction: 'ingress', policy: 'prod/web', rule: 1, place } as const;
    const text = terminalText(resultOf([comparison('narrow', [group('opened', { causes: [cause] })])]), 40);
    expect(text).to.include(`
  opened: 1 cell
    now allowed by ingress rule 1 of
        prod/web (policies/web.yaml:12)
      dev/client -> prod/web 80/TCP
`);
  });

  it('counts in markdown what it does not show', async () => {
    const many = Array.from({ length: 300 }, (_, at) => group('closed', { cells: 2, to: [`prod/p-${at}`] }));
    expect(await compared('markdown', resultOf([comparison('many', many)]))).to.contain(
      '| | and 100 more rows (200 cells) | |\n',
    );
    const long = Array.from({ length: 199 }, (_, at) => group('closed', { from: [`漢/${'漢'.repeat(300)}${at}`] }));
    const policies = [{ name: 'a/b', change: 'changed', place: { file: 'p', line: 1, column: 1 } } as const];
    const text = await compared('markdown', resultOf([{ ...comparison('long', long), policies }]));
    expect(Buffer.byteLength(text)).to.be.within(60_000, 65_536);
    expect(text).to.match(/\n\d+ more changes, 1 more policy, 1 more part of this report did not fit here\.\n$/);
  });
});
