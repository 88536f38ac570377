import Mocha from 'mocha';
import { PodreachError } from '../errors.ts';
import { predictScenario, type RunEvents, type ScenarioResult, tellScenario } from '../matrix/index.ts';
import { checkHosts, inRunningOrder } from '../run/index.ts';
import { loadScenarios, type Scenario } from '../scenario/index.ts';
import { type DescribedScenario, describeScenario } from './describe-scenario.ts';
import { configOf, type DescribeOptions } from './options.ts';
import { closeSessions, sessionFor, TIMEOUT_MS } from './sessions.ts';
import { withSettings } from './settings.ts';
import { requireSharing } from './shared-cluster.ts';
import { withHint } from './step-failure.ts';

/**
 * Makes a suite of each scenario, with a test for each step. Paths are what `podreach run` takes: folders of scenarios,
 * scenarios, manifests. Must be awaited at the top level of the test file, because the scenarios are read from files.
 * @param more Is called in each suite, and may add tests.
 */
export const describeScenarios = async (
  paths: string | readonly string[],
  options: DescribeOptions = {},
  more?: (described: DescribedScenario) => void,
): Promise<void> => {
  const forgotten = describeForgotten(paths);
  const { chosen, scenarios } = await load([paths].flat(), options).catch((error: unknown) => {
    throw withHint(error);
  });
  forgotten.remove();
  Mocha.after('gives the cluster back', function () {
    this.timeout(0);
    return closeSessions();
  });
  for (const scenario of inRunningOrder(scenarios))
    describeScenario(scenario, (events) => run(scenario, chosen, events), more);
};

const load = async (paths: readonly string[], options: DescribeOptions) => {
  const { namespace, predicted, context } = options;
  if (!predicted) requireSharing(options);
  const chosen = await withSettings(options);
  const scenarios = await loadScenarios(paths, { namespace });
  if (!predicted && context === undefined) await checkHosts(scenarios, configOf(chosen));
  return { chosen, scenarios };
};

/** A test that fails if mocha begins before the scenarios are there, because then none of them would run. */
const describeForgotten = (paths: string | readonly string[]) => {
  const suite = Mocha.describe(`the scenarios of ${[paths].flat().join(', ')}`, () => {
    Mocha.it('are loaded', () => {
      throw new PodreachError(
        'describeScenarios was not awaited, so there are no tests yet: write `await describeScenarios(…)` at the top level of the test file, which must be an ES module',
      );
    });
  });
  const remove = () => {
    const suites = suite.parent?.suites;
    suites?.splice(suites.indexOf(suite), 1);
  };
  return { remove };
};

const run = async (scenario: Scenario, options: DescribeOptions, events: RunEvents): Promise<ScenarioResult> => {
  if (options.predicted) {
    const result = predictScenario(scenario);
    tellScenario(result, events);
    return result;
  }
  const { timeoutMs = TIMEOUT_MS, retries = 1, record: recording = false } = options;
  return sessionFor(options).run(scenario, { timeoutMs, retries, recording }, events);
};
