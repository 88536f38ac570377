import type { RunResult, ScenarioResult, StepResult, Why } from '../../../src/matrix/index.ts';
import { judge, judgePredicted, type Prediction, statusOf } from '../../../src/matrix/index.ts';
import type { Decision } from '../../../src/model/index.ts';
import type { Observation, Verdict } from '../../../src/probe/index.ts';
import type { ExpectedProbe } from '../../../src/scenario/index.ts';

type Seen = readonly [from: string, to: string, port: `${number}/${'TCP' | 'UDP'}`, verdict: Verdict];

/** An observation, short to write. */
export const seen = ([from, to, port, verdict]: Seen, more: Partial<Observation> = {}): Observation => {
  const [number, protocol] = port.split('/') as [string, 'TCP' | 'UDP'];
  return { from, to, port: Number(number), protocol, verdict, flaky: false, attempts: 1, detail: '', ...more };
};

/** What makes the observations pass, but for the changes given by `from > to port/protocol`. */
export const expectedOf = (
  observed: readonly Observation[],
  changes: Readonly<Record<string, 'allow' | 'deny'>> = {},
): ExpectedProbe[] =>
  observed
    .filter(({ from, to }) => from !== to)
    .map(({ from, to, port, protocol, verdict }) => {
      const expectation = verdict === 'allowed' ? 'allow' : 'deny';
      return { from, to, port, protocol, expectation: changes[`${from} > ${to} ${port}/${protocol}`] ?? expectation };
    });

export const stepOf = (
  observed: readonly Observation[],
  expected: readonly ExpectedProbe[] | null = expectedOf(observed),
  more: Partial<StepResult> = {},
  predicted: readonly Prediction[] = [],
): StepResult => {
  const cells = judge(expected, observed, predicted);
  return { name: 'only', status: statusOf(cells), timings: {}, cells, ...more };
};

/** Why something is open: no policy selects any of these. */
export const whyOpen = (...endpoints: readonly string[]): Why => {
  const asked = { from: 'a/x', to: 'a/y', port: 80, protocol: 'TCP', decision: 'allow' } as const;
  const sides = endpoints.map((endpoint) => ({
    ...({ direction: 'ingress', decision: 'allow', policies: [], ownNode: false, hangsOn: [] } as const),
    endpoint,
  }));
  const kinds = { from: 'pod', to: 'pod' } as const;
  const connections = [{ ...asked, kinds, declared: true, sides, notApplied: [] }];
  const route = { leftOpen: false, backendsDiffer: false, backends: null, lookup: null };
  return { explained: { asked, decision: 'allow', ...route, connections }, advice: null };
};

type Predicted = readonly [from: string, to: string, port: `${number}/${'TCP' | 'UDP'}`, decision: Decision];

/** A prediction, short to write. */
export const predicted = ([from, to, port, decision]: Predicted): Prediction => {
  const [number, protocol] = port.split('/') as [string, 'TCP' | 'UDP'];
  return { from, to, port: Number(number), protocol, decision, leftOpen: false };
};

/** A step of which nothing was probed. */
export const predictedStepOf = (
  predictions: readonly Prediction[],
  expected: readonly ExpectedProbe[] | null,
  more: Partial<StepResult> = {},
): StepResult => {
  const cells = judgePredicted(expected, predictions);
  return { name: 'only', status: expected ? statusOf(cells) : 'unjudged', timings: {}, cells, ...more };
};

export const scenarioOf = (steps: readonly StepResult[], more: Partial<ScenarioResult> = {}): ScenarioResult => ({
  name: 'small',
  file: 'scenarios/small/scenario.yaml',
  status: steps[0]?.status ?? 'error',
  timings: {},
  steps,
  ...more,
});

export const runOf = (...scenarios: ScenarioResult[]): RunResult => ({ scenarios, timings: {} });

const observed = [
  seen(['prod/web', 'prod/web', '80/TCP', 'allowed']),
  seen(['prod/web', 'prod/api', '8080/TCP', 'dropped']),
  seen(['prod/web', 'prod/api', '53/UDP', 'rejected'], { detail: 'nc: Connection refused after 3 ms' }),
  seen(['prod/api', 'prod/web', '80/TCP', 'allowed']),
  seen(['prod/api', 'prod/api', '8080/TCP', 'allowed']),
  seen(['prod/api', 'prod/api', '53/UDP', 'error']),
  seen(['dev/client', 'prod/web', '80/TCP', 'allowed'], { detail: 'nc: connected after 2 ms' }),
  seen(['dev/client', 'prod/api', '8080/TCP', 'dropped'], { flaky: true, attempts: 3 }),
  seen(['dev/client', 'prod/api', '53/UDP', 'error'], { detail: 'the exec ended without its last line' }),
];

/** Three pods with one cell of each kind: met both ways, missed both ways, flaky, error, self. */
export const sampleRun: RunResult = {
  timings: { totalMs: 65_000, clusterMs: 41_000 },
  scenarios: [
    scenarioOf(
      [
        stepOf(
          observed,
          expectedOf(observed, { 'prod/web > prod/api 53/UDP': 'allow', 'dev/client > prod/web 80/TCP': 'deny' }),
          {
            timings: { probeMs: 1600, settleMs: 340 },
            repeat: new Map([['dev/client > prod/web 80/TCP', 'kubectl -n dev exec client -- nc 10.0.0.1 80']]),
          },
        ),
      ],
      { intent: 'Only api may reach web.', timings: { deployMs: 1234 } },
    ),
  ],
};
