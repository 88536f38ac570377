import { PodreachError } from '../../../src/errors.ts';
import type { Pod, Scenario, Topology } from '../../../src/scenario/index.ts';
import { fakeDeployment, policyOf, scenarioOf, topologyOf } from './fake-stage.ts';

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

const changed = (
  { namespaces, ...topology }: Topology,
  change: (pods: readonly Pod[]) => readonly Pod[],
): Topology => ({
  ...topology,
  namespaces: namespaces.map((one) => ({ ...one, pods: change(one.pods) })),
});

/** The usual pods and these in the same namespace. */
export const withPods = (...names: readonly string[]): Topology =>
  changed(topologyOf(), (pods) => [
    ...pods,
    ...names.map((name) => ({ endpoint: `prod/${name}`, namespace: 'prod', name, labels: {}, ports: [] })),
  ]);

/** With its first pod at an address. */
export const pinned = (topology: Topology): Topology =>
  changed(topology, ([first, ...others]) => (first ? [{ ...first, addresses: ['192.168.77.10'] }, ...others] : []));
