import { expect } from 'chai';
import { terminal } from '../../../src/report/index.ts';
import { json } from '../../../src/report/reporters/index.ts';
import { runOf, scenarioOf, seen, stepOf } from './sample-run.ts';

describe('a step of which only a sample was probed', () => {
  it('says how many cells that was, and why these, to people and to machines', () => {
    const sampled = { pairs: 9, random: 7, all: 132 };
    const run = runOf(scenarioOf([stepOf([seen(['a/x', 'a/y', '80/TCP', 'allowed'])], undefined, { sampled })]));
    expect(terminal(run, { colour: false })).to.contain(
      'probed 16 of 132 cells between different ends: 9 that stand for all pairs of pods that nothing can tell apart, and 7 of the others at random',
    );
    expect(JSON.parse([...json(run)].join('')).scenarios[0].steps[0].sampled).to.deep.equal(sampled);
  });
});
