import type { Confirmation, Mutant, SameMutant, ScenarioScore, StepScore, Witness } from '../../mutate/index.ts';
import { bounded, plural, printable } from '../../text.ts';
import { wrapped } from '../../wrap.ts';
import { type Colours, coloursOf } from '../colours.ts';
import { cellText } from '../minimize/words.ts';
import type { ReporterOptions } from '../reporter.ts';
import { confirmationLines } from './live.ts';
import { mutantText, whyText, witnessText } from './words.ts';

const FAILING_AT_MOST = 10;

/** Which mistakes the expectations of these scenarios would notice, for people; the mistakes that they miss come in full. */
export const mutationText = (
  scores: readonly ScenarioScore[],
  confirmations: readonly Confirmation[] | undefined,
  { colour, width }: ReporterOptions,
): string => {
  const colours = coloursOf(colour);
  const lines = [
    ...scores.flatMap((score) => scenarioLines(score, colours)),
    summaryText(scores),
    ...(confirmations ? confirmationLines(confirmations, colours) : []),
  ];
  return lines
    .flatMap((line) => wrapped(line, width))
    .map((line) => `${line}\n`)
    .join('');
};

const scenarioLines = ({ name, steps }: ScenarioScore, colours: Colours): readonly string[] =>
  steps.flatMap((step) => {
    const title = steps.length > 1 ? `${name}: ${step.name}` : name;
    const parts = partsOf(step);
    return [
      `${verdictText(step, colours)}  ${colours.bold(printable(title))}`,
      ...parts,
      ...(parts.length > 0 ? [''] : []),
    ];
  });

const verdictText = (step: StepScore, colours: Colours): string => {
  const { noticed, missed } = step;
  const all = noticed.length + missed.length;
  const beyond = beyondIn(step).length;
  const more =
    beyond > 0 ? colours.yellow(`, ${beyond} more ${beyond === 1 ? 'needs' : 'need'} other pods or hosts`) : '';
  if (missed.length > 0) return colours.red(`${missed.length} of ${plural(all, 'mutant')} missed`) + more;
  if (all > 0) return colours.green(`${plural(all, 'mutant')} noticed`) + more;
  return more === '' ? 'no mutants' : `no mutant noticed${more}`;
};

const partsOf = ({ failing, missed, witnesses, beyond, same }: StepScore): readonly string[] => [
  ...part('these cells are not as expected even without a mistake, so they notice none:', failingTexts(failing)),
  ...part('no expected cell would notice:', missed.map(mutantText)),
  ...part('these cells would:', witnesses.map(witnessText)),
  ...part('changes nothing between these pods and hosts; other cells would show it:', beyond.flatMap(beyondTexts)),
  ...part('changes nothing at all:', same.map(sameText)),
];

const failingTexts = (failing: StepScore['failing']): readonly string[] =>
  bounded(failing, FAILING_AT_MOST, (cell) => [cellText(cell)]);

const beyondTexts = (witness: Witness): readonly string[] => [
  witnessText(witness),
  ...witness.notices.map((mutant) => `  ${mutantText(mutant)}`),
];

const sameText = ({ mutant, why }: SameMutant): string => `${mutantText(mutant)}: ${whyText(why)}`;

const part = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : ['', `  ${title}`, ...items.map((item) => `    ${printable(item)}`)];

/** `3 scenarios, 40 mutants: 38 noticed, 1 missed, 1 that changes nothing` */
const summaryText = (scores: readonly ScenarioScore[]): string => {
  const steps = scores.flatMap((score) => score.steps);
  const count = (list: (step: StepScore) => readonly unknown[]): number =>
    steps.reduce((sum, step) => sum + list(step).length, 0);
  const [noticed, missed, same] = [
    count((step) => step.noticed),
    count((step) => step.missed),
    count((step) => step.same),
  ];
  const beyond = steps.reduce((sum, step) => sum + beyondIn(step).length, 0);
  return [
    `${plural(scores.length, 'scenario')}, ${plural(noticed + missed + beyond + same, 'mutant')}: ${noticed} noticed, ${missed} missed`,
    ...(beyond > 0 ? [`${beyond} that ${changes(beyond)} nothing between the pods and hosts that are there`] : []),
    ...(same > 0 ? [`${same} that ${changes(same)} nothing at all`] : []),
  ].join(', ');
};

const changes = (count: number): string => (count === 1 ? 'changes' : 'change');

const beyondIn = ({ beyond }: StepScore): readonly Mutant[] => beyond.flatMap(({ notices }) => notices);
