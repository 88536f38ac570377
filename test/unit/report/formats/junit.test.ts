import { expect } from 'chai';
import { runOf, scenarioOf } from '../sample-run.ts';
import { threeRuns } from './three-runs.ts';
import { written } from './written.ts';
import { parseXml } from './xml.ts';
import { requireJunit } from './xml-tool.ts';

/** What it writes is valid in every test. */
const report = async (result = threeRuns) => {
  const text = await written('junit', result);
  requireJunit(text);
  return parseXml(text);
};

describe('junit', () => {
  it('has a test case for each step, by its outcome', async () => {
    const root = await report();
    const cases = root.children.flatMap((suite) => suite.children);
    expect(
      cases.map(({ attributes, children }) => [attributes.classname, attributes.name, children[0]?.name]),
    ).to.deep.equal([
      ['passes', 'passes', undefined],
      ['differs', 'differs', 'failure'],
      ['breaks', 'breaks', 'error'],
      ['wavers', 'wavers', 'failure'],
      ['skips', 'skips', 'skipped'],
    ]);
    expect(cases.map(({ children }) => children[0]?.attributes.message)).to.deep.equal([
      undefined,
      '1 cell not as expected',
      '1 cell broken',
      '1 cell flaky',
      '1 cell unsupported on this host',
    ]);
    expect(cases[1]?.children[0]?.text).to.include(
      'dev/client -> prod/db 5432/TCP: expected deny, seen allowed (nc: connected after 2 ms)',
    );
    expect(cases[0]?.attributes.time).to.equal('1.500');
  });

  it('counts what it has', async () => {
    const root = await report();
    expect(root.attributes).to.deep.equal({ name: 'podreach', tests: '5', failures: '2', errors: '1', time: '2.000' });
    expect(root.children[1]?.attributes).to.deep.equal({
      ...{ name: 'differs', tests: '1', failures: '1', errors: '0', skipped: '0' },
      ...{ file: 'scenarios/differs/scenario.yaml', time: '0.000' },
    });
  });

  it('has an error of its own for what broke the run', async () => {
    const root = await report({ ...runOf(), problem: 'the cluster is gone' });
    expect(root.attributes).to.include({ tests: '1', errors: '1' });
    expect(root.children[0]?.children[0]?.children[0]?.attributes.message).to.equal('the cluster is gone');
  });

  it('is valid for a scenario without steps, and for a run without scenarios', async () => {
    await report(runOf(scenarioOf([])));
    await report(runOf());
  });

  it('would not be valid with another element, a missing count, or a time in words', async () => {
    const text = await written('junit', threeRuns);
    for (const [from, to] of [
      ['<failure ', '<blame '],
      ['</failure>', '</blame>'],
      [' errors="1"', ''],
      ['time="1.500"', 'time="soon"'],
    ] as const) {
      expect(text).to.contain(from);
      expect(() => requireJunit(text.replaceAll(from, to)), to).to.throw();
    }
  });
});
