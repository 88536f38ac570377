/** Scenarios from files, by `podreach`, as a user's program predicts, explains, lints and reports them. */
import {
  type CreateReporter,
  type ExpectedProbe,
  exitCodeOf,
  explanationLines,
  json,
  judgePredicted,
  loadScenarios,
  modelOf,
  PodreachError,
  predict,
  probeKey,
  type RunResult,
  reporters,
  runScenarios,
  silent,
  statusOf,
  terminal,
  warningsOf,
} from 'podreach';
import { explainProbe, lint } from 'podreach/model';
import { same } from './check.ts';

const [scenario] = await loadScenarios(['deny-all']);
if (!scenario) throw new Error('no scenario');
const [step] = scenario.steps;
same('the name', scenario.name, 'deny-all');

// The policy isolates prod in both directions, and nothing else.
const predicted = predict(step);
const decisions = new Map(predicted.map((one) => [probeKey(one), one.decision]));
same('into prod', decisions.get('dev/client > prod/web 80/TCP'), 'deny');
same('out of prod', decisions.get('prod/web > dev/web 80/TCP'), 'deny');
same('beside it', decisions.get('dev/client > dev/web 80/TCP'), 'allow');
same('to itself', decisions.get('prod/web > prod/web 80/TCP'), 'allow');

const cells = judgePredicted(step.expected, predicted);
same('the status', statusOf(cells), 'pass');
const turned = (step.expected as readonly ExpectedProbe[]).map((probe) => ({
  ...probe,
  expectation: 'allow' as const,
}));
same('the status of what is not so', statusOf(judgePredicted(turned, predicted)), 'fail');

const model = modelOf(step);
const explained = explainProbe(model, { from: 'dev/client', to: 'prod/web', port: 80, protocol: 'TCP' });
const lines = explanationLines(explained, null);
same('the heading', lines[0], 'dev/client -> prod/web 80/TCP: deny');
same('the policy that decides', lines.join('\n').includes('deny-all'), true);
same('the warnings', [lint(model).length, warningsOf(scenario).length], [0, 0]);

const result: RunResult = {
  predicted: true,
  scenarios: [
    {
      name: scenario.name,
      file: scenario.file,
      status: 'pass',
      timings: {},
      steps: [{ name: 'only', status: 'pass', timings: {}, cells }],
    },
  ],
  timings: {},
};
same('the exit code', exitCodeOf(result), 0);
same('the text', terminal(result, { colour: false }).startsWith('passed  deny-all'), true);
const { schema, scenarios: written } = JSON.parse([...json(result)].join(''));
same('the JSON', [schema, written.length], ['podreach/run/v1', 1]);
const mine: CreateReporter = () => ({ onScenarioEnd: ({ name, status }) => `${name}: ${status}\n` });
const one = result.scenarios[0];
if (one) same('a reporter of their own', await mine({ colour: false }).onScenarioEnd?.(one), 'deny-all: pass\n');
same('the reporters', Object.keys(reporters).sort(), [
  ...['csv', 'dot', 'github', 'html', 'json', 'junit', 'list', 'markdown', 'ndjson', 'svg', 'tap', 'terminal'],
]);
same('what needs a cluster', [typeof runScenarios, typeof silent.note], ['function', 'function']);

const refused: unknown = await loadScenarios(['nowhere']).catch((error: unknown) => error);
same('a refusal', refused instanceof PodreachError && refused.message.includes('nowhere'), true);
