/** The plug-ins for mocha and chai, as a user's suite has them; what mocha itself calls is in examples/mocha. */
import { expect, use } from 'chai';
import { loadScenarios, predict, predictStep } from 'podreach';
import podreachChai, { type Matrix } from 'podreach/chai';
import { type DescribedScenario, type DescribeOptions, describeScenarios, mochaGlobalSetup } from 'podreach/mocha';
import { same } from './check.ts';

use(podreachChai);

const [scenario] = await loadScenarios(['deny-all']);
if (!scenario) throw new Error('no scenario');
const [step] = scenario.steps;

const matrices: readonly Matrix[] = [predictStep(step), predict(step)];
for (const matrix of matrices) {
  expect(matrix).to.allow('dev/client', 'dev/web', 80).and.not.to.deny('dev/client', 'dev/web', '80/TCP');
  expect(matrix).to.deny('dev/client', 'prod/web', '80/TCP');
}
expect(predictStep(step)).to.matchExpectation();
expect(() => expect(predictStep(step)).to.enforceWithin('2s')).to.throw('not recorded');

const options: DescribeOptions = { predicted: true, keep: true, record: true, timeoutMs: 1_500, mirror: 'example.com' };
const more = async ({ scenario: { name }, matrix }: DescribedScenario) => `${name} ${(await matrix('start')).status}`;
same('a predicted suite', [options.predicted, typeof more], [true, 'function']);
same('for mocha', [typeof describeScenarios, typeof mochaGlobalSetup], ['function', 'function']);
