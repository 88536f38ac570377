/**
 * podreach in mocha: scenarios as suites. `--require podreach/mocha` makes the workers of `--parallel` share a cluster,
 * because it runs the two fixtures in mocha's main process.
 */
export { describeScenarios } from './describe.ts';
export type { DescribedScenario } from './describe-scenario.ts';
export type { DescribeOptions } from './options.ts';
export { mochaGlobalSetup, mochaGlobalTeardown } from './shared-cluster.ts';
