import { randomBytes } from 'node:crypto';
import { createDeployments, type Deployment, type Deployments } from '../../../src/deploy/index.ts';
import { ownerText, thisOwner } from '../../../src/host/index.ts';
import { type Client, connect } from '../../../src/kube/index.ts';
import { createWindow } from '../../../src/probe/index.ts';
import { silent } from '../../../src/progress.ts';
import type { Stage } from '../../../src/run/stage.ts';
import { loadScenarios, type Scenario } from '../../../src/scenario/index.ts';
import type { Canary } from '../../../src/settle/index.ts';
import { keptKubeconfig } from '../door.ts';

/** A scenario's pods on the shared cluster, and what a test needs to take its steps by hand. */
export interface LiveScenario {
  readonly client: Client;
  readonly scenario: Scenario;
  readonly deployment: Deployment;
  readonly naming: { readonly image: string; readonly runId: string; readonly owner: string };
  stage(canary: Canary, changes?: Partial<Stage>): Stage;
  dispose(): Promise<void>;
}

export const deployScenario = async (path: string): Promise<LiveScenario> => {
  const client = connect(await keptKubeconfig());
  const [scenario] = await loadScenarios([path]);
  if (!scenario) throw new Error(`${path} is not there`);
  const image = 'registry.k8s.io/e2e-test-images/agnhost:2.56';
  const naming = { image, runId: randomBytes(5).toString('hex'), owner: ownerText(await thisOwner()) };
  const deployments: Deployments = createDeployments(client, naming);
  const deployment = await deployments.acquire(scenario.steps[0].topology);
  return {
    ...{ client, scenario, deployment, naming },
    stage: (canary, changes = {}) => ({
      client,
      deployments,
      canary: Promise.resolve(canary),
      repeat: {},
      window: createWindow({ timeoutMs: 2_000 }),
      workers: 1,
      sampling: false,
      recording: false,
      settleTimeoutMs: 30_000,
      timeoutMs: 2_000,
      retries: 1,
      bail: false,
      keep: true,
      progress: silent,
      signal: new AbortController().signal,
      abort: () => undefined,
      ...changes,
    }),
    dispose: async () => {
      await deployments.disposeAll();
      client.close();
    },
  };
};
