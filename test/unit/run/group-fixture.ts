import { PodreachError } from '../../../src/errors.ts';
import type { Scenario, Topology } from '../../../src/scenario/index.ts';
import { fakeDeployment, policyOf, scenarioOf } from './fake-stage.ts';

/** Expects what its policy denies. */
export const failing = (name: string, topology?: Topology): Scenario =>
  scenarioOf(name, [{ deny: true, expectation: 'allow' }], topology);
/** Breaks on its pods: a policy of this name is refused. */
export const breaking = (name: string, topology?: Topology): Scenario =>
  scenarioOf(name, [{ deny: true, policies: [policyOf('refused')] }], topology);

/** Pods in a cluster that refuses that policy. */
export const refusing = (topology: Topology) => {
  const deployment = fakeDeployment(topology);
  const { applyPolicies } = deployment;
  return {
    ...deployment,
    applyPolicies: async (policies: Parameters<typeof applyPolicies>[0]) => {
      if (policies.some(({ name }) => name === 'refused')) throw new PodreachError('the policy was refused');
      await applyPolicies(policies);
    },
  };
};

/** `a pass` each. */
export const statuses = (results: readonly { name: string; status: string }[]) =>
  results.map(({ name, status }) => `${name} ${status}`);
