import { expect } from 'chai';
import { terminal } from '../../../src/report/index.ts';
import { predicted, predictedStepOf, runOf, scenarioOf } from './sample-run.ts';

const plain = { colour: false } as const;

describe('a prediction in the terminal', () => {
  it('says that nothing was probed if it was predicted, and judges that all the same', () => {
    const predictions = [
      predicted(['a/x', 'a/y', '1/TCP', 'allow']),
      predicted(['a/x', 'a/y', '2/TCP', 'deny']),
      predicted(['a/x', 'a/y', '3/TCP', 'unknown']),
      predicted(['a/y', 'a/y', '1/TCP', 'allow']),
    ];
    const expected = predictions
      .slice(0, 3)
      .map(({ decision: _, ...probe }) => ({ ...probe, expectation: 'allow' as const }));
    const step = predictedStepOf(predictions, expected, { hint: 'Give it an address.' });
    const run = { ...runOf(scenarioOf([step])), predicted: true } as const;
    expect(terminal(run, plain)).to.equal(`error  small  (predicted, nothing was probed)

       a/y
       1/TCP  2/TCP  3/TCP
  a/x   .     [X≠.]  [u]
  a/y   #

  . allowed   [X≠.] blocked, expected allowed   [u] unknown to the model, so not judged
  # a pod to itself

  hint: Give it an address.

  a/x -> a/y 2/TCP: expected allow, predicted deny

  unknown in 1 cell: it depends on an address that the model does not know
    a/x -> a/y 3/TCP

1 scenario: 1 error
3 cells predicted: 1 as expected, 1 not as expected, 1 unknown to the model
`);
  });

  it('says once that an expectation is unknown to the model, and not that nothing could be judged', () => {
    const predictions = [predicted(['a/x', 'a/y', '1/TCP', 'unknown'])];
    const expected = [{ from: 'a/x', to: 'a/y', port: 1, protocol: 'TCP', expectation: 'deny' }] as const;
    const text = terminal(runOf(scenarioOf([predictedStepOf(predictions, expected)])), plain);
    expect(text).to.contain('unknown in 1 cell').and.not.to.contain('nothing is proven');
  });

  it('shows a prediction of which nothing is expected', () => {
    const predictions = [predicted(['a/x', 'a/y', '1/TCP', 'deny']), predicted(['a/x', 'a/y', '2/TCP', 'unknown'])];
    const run = { ...runOf(scenarioOf([predictedStepOf(predictions, null)])), predicted: true } as const;
    expect(terminal(run, plain)).to.equal(`unjudged  small  (predicted, nothing was probed)

       a/y
       1/TCP  2/TCP
  a/x   X      u

  X blocked   u unknown to the model

1 scenario: 1 unjudged
2 cells predicted: 2 without an expectation
`);
  });
});
