import { expect } from 'chai';
import type { Lease } from '../../../src/cluster/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import { silent } from '../../../src/progress.ts';
import { runScenarios } from '../../../src/run/run.ts';
import { failureOf } from '../failure-of.ts';
import { scenarioOf } from './fake-stage.ts';

describe('runScenarios', () => {
  it('reports what broke the run, whatever else breaks while the cluster is given back', async () => {
    const lease: Lease = {
      cluster: { name: 'x', kubeconfig: '/nowhere/kubeconfig', context: 'x', probeImage: 'x' },
      stays: true,
      release: () => Promise.reject(new TypeError('x is undefined')),
    };
    const options = {
      sampling: false,
      recording: false,
      settleTimeoutMs: 30_000,
      workers: 1,
      timeoutMs: 1500,
      retries: 0,
      bail: false,
      keep: false,
      progress: silent,
    };
    const signal = new AbortController().signal;
    const failure = await failureOf(runScenarios([scenarioOf('a')], async () => lease, { ...options, signal }));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(failure.message).to.contain('there is no kubeconfig at /nowhere/kubeconfig');
  });
});
