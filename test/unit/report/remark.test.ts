import { expect } from 'chai';
import type { Remark } from '../../../src/matrix/index.ts';
import { terminal } from '../../../src/report/index.ts';
import { json } from '../../../src/report/reporters/index.ts';
import { runOf, scenarioOf, seen, stepOf } from './sample-run.ts';

/** The lines `error: …` and `hint: …` of a step in the terminal, and its keys in JSON. */
const wordsOf = (more: { remarks?: readonly Remark[]; problem?: string; hint?: string }) => {
  const run = runOf(scenarioOf([stepOf([seen(['a/x', 'a/y', '80/TCP', 'allowed'])], undefined, more)]));
  const lines = terminal(run, { colour: false }).split('\n');
  const told = lines.filter((line) => /^ {2}(error|hint): /.test(line)).map((line) => line.trim());
  const { problem, hint } = JSON.parse([...json(run)].join('')).scenarios[0].steps[0];
  expect(told).to.deep.equal([...(problem ? [`error: ${problem}`] : []), ...(hint ? [`hint: ${hint}`] : [])]);
  return { problem, hint };
};

describe('the remarks on a step', () => {
  it('say that no expectation is written, and how to write one', () => {
    const { problem, hint } = wordsOf({ remarks: ['no-expectation'] });
    expect(problem).to.equal('this scenario has no expectation');
    expect(hint).to.contain('podreach run -u');
  });

  it('say how to look at pods that stay, and how to make them stay', () => {
    expect(wordsOf({ remarks: ['not-kept'] }).hint).to.match(/^with --keep the pods stay/);
    expect(wordsOf({ remarks: ['kept'] }).hint).to.match(/stay until the next run/);
  });

  it('are all reported', () => {
    const { problem, hint } = wordsOf({ remarks: ['address-unknown', 'backends-differ'] });
    expect(problem).to.equal(undefined);
    expect(hint).to.match(/`address:`.*; `podreach explain`/);
  });

  it('leave the words of an error as they are', () => {
    const error = { problem: 'the policy was refused', hint: 'mend it' };
    expect(wordsOf({ ...error, remarks: [] })).to.deep.equal(error);
    expect(wordsOf({})).to.deep.equal({ problem: undefined, hint: undefined });
  });
});
