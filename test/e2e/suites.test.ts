import { expect } from 'chai';
import { cellsOf, runJson } from './door.ts';

describe('the suites of semantics and recipes', () => {
  it('hold on the cluster, and the model agrees in every cell', async () => {
    const { exitCode, report, stderr } = await runJson('scenarios/semantics', 'scenarios/recipes');
    const bad = report.scenarios
      .filter(({ status }) => status !== 'pass')
      .map(({ name, status }) => `${name}: ${status}`);
    expect(bad, stderr).to.deep.equal([]);
    expect(exitCode).to.equal(0);
    const cells = cellsOf(report).filter(({ from, to }) => from !== to);
    expect(cells).to.have.length.above(4000);
    for (const { from, to, port, observed, model } of cells)
      expect(model, `${from} -> ${to} ${port}`).to.equal(observed === 'allowed' ? 'allow' : 'deny');
  });
});
