/** One JSON object a line, each as soon as it is known, for programs that follow a run. */
import type { ScenarioHead } from '../matrix/index.ts';
import { comparisonObject } from './compare/json.ts';
import { outlineOf } from './json.ts';
import { stepObject } from './json-step.ts';
import { jsonLine } from './json-text.ts';
import type { CreateReporter } from './reporter.ts';
import { rolloutObject } from './rollout/json.ts';

/** The name of the contract, which changes if a reader of the old one would break. */
const SCHEMA = 'podreach/events/v1';

export const createNdjson: CreateReporter = () => ({
  onBegin: ({ scenarios, predicted, compared }) =>
    jsonLine({ event: 'begin', schema: SCHEMA, predicted, compared, scenarios: scenarios.map(headOf) }),
  onStepEnd: (step, { name, file }) => jsonLine({ event: 'step', scenario: name, file, ...stepObject(step) }),
  onScenarioEnd: (scenario) => jsonLine({ event: 'scenario', ...outlineOf(scenario) }),
  onEnd: ({ timings, problem, hint, shard }) => jsonLine({ event: 'end', problem, hint, shard, timings }),
  onBroken: () => jsonLine({ event: 'broken' }),
  onCompared: ({ comparisons, before, after, forbidden, added, removed }, rollout) =>
    comparedLines([
      ...comparisons.map((comparison) => ({ event: 'comparison', ...comparisonObject(comparison) })),
      {
        ...{ event: 'end', before, after, forbidden, added, removed },
        rollout: rollout && rolloutObject(rollout),
      },
    ]),
});

const headOf = ({ name, intent, tags, file }: ScenarioHead) => ({ name, intent, tags, file });

function* comparedLines(events: readonly object[]): Generator<string> {
  for (const event of events) yield* jsonLine(event);
}
