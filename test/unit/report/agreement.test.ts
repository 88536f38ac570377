import { expect } from 'chai';
import { terminal } from '../../../src/report/index.ts';
import { json } from '../../../src/report/reporters/index.ts';
import { runOf, scenarioOf, seen, stepOf } from './sample-run.ts';

const reportOf = (agreement?: { matrices: number; agreed: boolean }) => {
  const step = stepOf([seen(['a/x', 'a/y', '80/TCP', 'allowed'])], undefined, { ...(agreement && { agreement }) });
  const run = runOf(scenarioOf([step]));
  const { agreement: inJson } = JSON.parse([...json(run)].join('')).scenarios[0].steps[0];
  return { text: terminal(run, { colour: false }), inJson };
};

describe('the number of matrices', () => {
  it('is reported if one was not enough', () => {
    const { text, inJson } = reportOf({ matrices: 3, agreed: true });
    expect(text).to.contain('\n  matrices: 3 taken until two in a row agreed, because');
    expect(inJson).to.deep.equal({ matrices: 3, agreed: true });
  });

  it('is reported if the last two still differ', () => {
    const { text, inJson } = reportOf({ matrices: 5, agreed: false });
    expect(text).to.contain('\n  matrices: 5 taken, and the last two still differ');
    expect(inJson).to.deep.equal({ matrices: 5, agreed: false });
  });

  it('is not reported if one was', () => {
    const { text, inJson } = reportOf();
    expect(text).not.to.contain('matrices');
    expect(inJson).to.equal(undefined);
  });
});
