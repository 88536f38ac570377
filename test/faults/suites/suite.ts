import process from 'node:process';
import { describeScenarios } from '../../../src/mocha/index.ts';
import { CONTEXT } from '../cluster/simulated-cluster.ts';

/** A suite of a scenario on the simulated cluster of the test that starts this mocha. */
export const describeOn = (scenario: string): Promise<void> => {
  const { SUITE_KUBECONFIG: kubeconfig, SUITE_EVIDENCE: evidence } = process.env;
  return describeScenarios(`test/faults/scenarios/${scenario}`, {
    ...{ context: CONTEXT, timeoutMs: 1200 },
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(evidence !== undefined && { evidence }),
  });
};
