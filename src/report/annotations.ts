/** Where a finding belongs in the user's files: at the rule or policy that decides it, otherwise at the scenario. */
import type { Cell, RunResult, ScenarioResult, StepResult, Why } from '../matrix/index.ts';
import type { Place } from '../model/index.ts';
import { portText, probeKey } from '../scenario/index.ts';
import { flowFindings, flowFindingText } from './established.ts';
import { evidenceLines } from './evidence.ts';
import { tallyText } from './flake.ts';
import { outcomeOf, outcomeText } from './outcome.ts';
import { faultsIn, faultText } from './recording.ts';
import { startFaultCounts } from './starts.ts';

export interface Annotation {
  readonly level: 'error' | 'warning';
  readonly place: Pick<Place, 'file' | 'line'> & Partial<Pick<Place, 'column'>>;
  readonly title: string;
  readonly message: string;
}

/** What broke first, then each cell or connection that is not as expected or not in time, then what is suspicious in the policies. Not printable yet. */
export const annotationsOf = ({ scenarios }: RunResult): readonly Annotation[] => [
  ...scenarios.flatMap((scenario) => scenario.steps.flatMap((step) => brokenStep(step, scenario))),
  ...scenarios.flatMap((scenario) => scenario.steps.flatMap((step) => mismatches(step, scenario))),
  ...scenarios.flatMap((scenario) => scenario.steps.flatMap((step) => untimely(step, scenario))),
  ...scenarios.flatMap((scenario) => scenario.steps.flatMap((step) => established(step, scenario))),
  ...scenarios.flatMap(({ warnings = [] }) =>
    warnings.map(({ file, line, column, message, rule }): Annotation => {
      return { level: 'warning', place: { file, line, column }, title: rule, message };
    }),
  ),
];

const brokenStep = (step: StepResult, { name, file }: ScenarioResult): readonly Annotation[] =>
  outcomeOf(step) === 'error'
    ? [
        {
          level: 'error',
          place: { file, line: 1 },
          title: titleOf(name, step),
          message: withEvidence(outcomeText(step), step),
        },
      ]
    : [];

const mismatches = (step: StepResult, { name, file }: ScenarioResult): readonly Annotation[] =>
  step.cells
    .filter(({ status }) => status === 'mismatch' || status === 'flaky')
    .map((cell) => ({
      level: 'error',
      place: decidingPlace(step.why?.get(probeKey(cell))) ?? { file, line: 1 },
      title: titleOf(name, step),
      message: withEvidence(cellText(cell), step),
    }));

const untimely = (step: StepResult, { name, file }: ScenarioResult): readonly Annotation[] =>
  [
    ...faultsIn(step).map((faulty) => (step.recording ? faultText(faulty, step.recording) : '')),
    ...(outcomeOf(step) === 'failed' ? startFaultCounts(step) : []),
  ].map((message) => ({ level: 'error', place: { file, line: 1 }, title: titleOf(name, step), message }));

const established = (step: StepResult, { name, file }: ScenarioResult): readonly Annotation[] =>
  flowFindings(step).map((connection) => ({
    level: 'error',
    place: { file, line: 1 },
    title: titleOf(name, step),
    message: flowFindingText(connection),
  }));

const withEvidence = (message: string, step: StepResult): string => [message, ...evidenceLines(step)].join('; ');

const titleOf = (scenario: string, step: StepResult): string =>
  step.name === scenario ? scenario : `${scenario}: ${step.name}`;

const cellText = ({
  from,
  to,
  port,
  protocol,
  family,
  expected,
  observed,
  model,
  status,
  observation,
}: Cell): string => {
  const { tally } = observation ?? {};
  const over = family === undefined ? '' : ` over ${family}`;
  const seen =
    observed === null
      ? `predicted ${model}`
      : `${status === 'flaky' ? `flaky${tally ? ` in ${tallyText(tally)}` : ''}, last ` : ''}seen ${observed}`;
  return `${from} -> ${to} ${portText({ number: port, protocol })}${over}: expected ${expected ?? 'nothing'}, ${seen}`;
};

/** The rule that lets the connection through or, if nothing does, a policy that isolates an end. */
const decidingPlace = (why: Why | undefined): Place | undefined => {
  const connections = why?.explained.connections ?? [];
  const sides = connections.flatMap((one) => one.sides.filter(({ decision }) => decision === one.decision));
  const policies = sides.flatMap((side) => side.policies);
  const rules = policies.flatMap(({ policy, rules: all }) =>
    all.filter(({ answer }) => answer === 'yes').flatMap(({ rule }) => policy.placeOf?.(rule.path) ?? []),
  );
  return rules[0] ?? policies.flatMap(({ policy }) => policy.placeOf?.([]) ?? [])[0];
};
