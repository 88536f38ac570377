import type { RunResult } from '../../../../src/matrix/index.ts';
import { expectedOf, runOf, scenarioOf, seen, stepOf } from '../sample-run.ts';

const good = seen(['dev/client', 'prod/web', '80/TCP', 'allowed']);
const wrong = [good, seen(['dev/client', 'prod/db', '5432/TCP', 'allowed'], { detail: 'nc: connected after 2 ms' })];
const broken = [good, seen(['dev/client', 'prod/db', '5432/TCP', 'error'], { detail: 'the pod is gone' })];
const flaky = [good, seen(['dev/client', 'prod/db', '5432/TCP', 'allowed'], { flaky: true, attempts: 3 })];
const unsupported = [
  seen(['dev/client', 'prod/db', '9000/SCTP' as '9000/TCP', 'unsupported'], { detail: 'no SCTP here' }),
];

const scenario = (name: string, step: ReturnType<typeof stepOf>) =>
  scenarioOf([{ ...step, name }], { name, file: `scenarios/${name}/scenario.yaml`, status: step.status });

/** One scenario for each outcome, with times that are easy to add. */
export const threeRuns: RunResult = {
  ...runOf(
    scenario('passes', stepOf([good], undefined, { timings: { probeMs: 1_500 } })),
    scenario('differs', stepOf(wrong, expectedOf(wrong, { 'dev/client > prod/db 5432/TCP': 'deny' }))),
    scenario('breaks', stepOf(broken)),
    scenario('wavers', stepOf(flaky)),
    scenario('skips', stepOf(unsupported)),
  ),
  timings: { totalMs: 2_000 },
};
