import { expect } from 'chai';
import { sumTimings, timingsText } from '../../../src/report/duration.ts';
import { scenarioTookMs } from '../../../src/report/index.ts';
import { scenarioOf, stepOf } from './sample-run.ts';

describe('timings', () => {
  it('stand in the order of the pipeline, the total last', () => {
    const timings = { totalMs: 6, imagePullMs: 5, probeMs: 4, clusterMs: 1, settleMs: 3, deployMs: 2 };
    expect(timingsText(timings)).to.equal(
      'cluster 1 ms, deploy 2 ms, settle 3 ms, probe 4 ms, image pull 5 ms, total 6 ms',
    );
    expect(timingsText({})).to.equal('');
  });

  it('are summed by part, but the total is that of the outer level', () => {
    const inner = [
      { probeMs: 2, totalMs: 9 },
      { probeMs: 3, settleMs: 4 },
    ];
    expect(sumTimings({ probeMs: 1, totalMs: 7 }, inner)).to.deep.equal({ probeMs: 6, settleMs: 4, totalMs: 7 });
    expect(sumTimings({}, inner)).to.deep.equal({ probeMs: 5, settleMs: 4 });
  });
});

describe('the time that a scenario took', () => {
  const step = stepOf([], null, { timings: { applyMs: 20, probeMs: 30 } });

  it('is its total, which has that of its steps, or the sum of all parts', () => {
    expect(scenarioTookMs(scenarioOf([step], { timings: { deployMs: 100, totalMs: 170 } }))).to.equal(170);
    expect(scenarioTookMs(scenarioOf([step], { timings: { deployMs: 100 } }))).to.equal(150);
  });
});
