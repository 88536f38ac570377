import {
  judge,
  predict,
  type RunResult,
  type StepResult,
  statusOf,
  whyOf,
  worst,
} from '../../../../src/matrix/index.ts';
import type { Observation, Verdict } from '../../../../src/probe/index.ts';
import { probeKey, type Scenario, type Step } from '../../../../src/scenario/index.ts';
import { load } from '../../scenario/temporary-folder.ts';
import { cell, recordingOf } from '../recorded.ts';

const SCENARIO = `
name: shop
intent: Only the shop reaches its database.
namespaces:
  prod:
    pods:
      web: {labels: {app: web}, ports: [80]}
      db: {labels: {app: db}, ports: [5432, 9187]}
  dev:
    pods:
      client: {}
policies: []
expect: {default: allow}
steps:
  - name: database closed
    apply: [db.yaml]
    expect:
      default: allow
      rules:
        - deny: {to: prod/db}
        - allow: {from: prod/web, to: prod/db, port: 5432}
`;

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: prod
spec:
  podSelector:
    matchLabels:
      app: db
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: wbe
      ports:
        - port: 5432
`;

/** What a cell comes to if it is not what the model says. */
type Surprise = Partial<Pick<Observation, 'verdict' | 'flaky' | 'attempts' | 'detail'>>;

/** Of the last step: one of each, and a mismatch that the misspelt label of the policy explains. */
const SURPRISES: Readonly<Record<string, Surprise>> = {
  'dev/client > prod/db 5432/TCP': { verdict: 'allowed', detail: 'nc: connected after 2 ms' },
  'dev/client > prod/db 9187/TCP': { verdict: 'error', detail: 'the exec ended without its last line' },
  'prod/db > prod/web 80/TCP': { flaky: true, attempts: 3 },
};

/** While that step changed: a cell that closed in time, one that never did, and one of which nothing was seen. */
const RECORDING = recordingOf([
  cell('dev/client', 'closed', { to: 'prod/db', port: 9187, enforcedMs: 40, late: 3 }),
  cell('dev/client', 'closed', { to: 'prod/db', port: 5432, late: 1_990 }),
  cell('prod/web', 'closed', { to: 'prod/db', port: 9187, samples: 0, turns: [] }),
]);

/** A run of a scenario whose policy is wrong, as if it had been seen live. */
export const observedRun = async (): Promise<RunResult> => {
  const scenarios = await load({ 'shop/scenario.yaml': SCENARIO, 'shop/db.yaml': POLICY }, 'shop');
  return { timings: { totalMs: 12_000 }, scenarios: scenarios.map(observe) };
};

const observe = ({ name, intent = '', file, steps }: Scenario) => {
  const observed = steps.map((step, at) =>
    at === steps.length - 1 ? { ...observeStep(step, SURPRISES), recording: RECORDING } : observeStep(step, {}),
  );
  return { name, intent, file, status: worst(observed.map(({ status }) => status)), timings: {}, steps: observed };
};

const observeStep = (step: Step, surprises: Readonly<Record<string, Surprise>>): StepResult => {
  const situation = { topology: step.topology, policies: step.policies };
  const predicted = predict(situation);
  const observations = predicted.map(({ from, to, port, protocol, decision }): Observation => {
    const probe = { from, to, port, protocol };
    const verdict: Verdict = decision === 'deny' ? 'dropped' : 'allowed';
    const seen = {
      verdict,
      flaky: false,
      attempts: 1,
      detail: verdict === 'dropped' ? 'nc: timed out after 1200 ms' : '',
    };
    return { ...probe, ...seen, ...surprises[probeKey(probe)] };
  });
  const cells = judge(step.expected, observations, predicted);
  const repeat = new Map(
    cells
      .filter(({ status }) => status === 'mismatch')
      .map((cell) => [probeKey(cell), `kubectl exec ${cell.from} -- nc ${cell.to}`]),
  );
  const { name } = step;
  return { name, status: statusOf(cells), timings: {}, cells, repeat, why: whyOf(cells, situation), situation };
};
