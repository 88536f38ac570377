import type { Diagnosis } from '../../diagnose/index.ts';
import { printable } from '../../text.ts';
import { wrapped } from '../../wrap.ts';
import { coloursOf } from '../colours.ts';
import type { ReporterOptions } from '../reporter.ts';
import { remedyText } from './remedy.ts';
import { sentenceOf } from './sentence.ts';
import { type StepOptions, stepsOf } from './steps.ts';

/** A diagnosis for people: each step with its evidence, what would change it, how to repeat it, and the finding last. */
export const diagnosisText = (
  diagnosis: Diagnosis,
  options: StepOptions,
  { colour, width }: Pick<ReporterOptions, 'colour' | 'width'>,
): string => {
  const colours = coloursOf(colour);
  const steps = stepsOf(diagnosis, options);
  const { remedies, facts, finding } = diagnosis;
  const sections = [
    ...steps.map(({ step, lines, notChecked }) => [colours.bold(step), ...[...lines, ...notChecked].map(indented)]),
    ...(remedies.length > 0
      ? [
          [
            facts.question.want === 'allow' ? 'what would open it' : 'what would close it',
            ...remedies.map((one) => indented(printable(remedyText(one)))),
          ],
        ]
      : []),
    [colours[finding.kind === 'as-wanted' ? 'green' : 'red'](printable(sentenceOf(diagnosis)))],
  ];
  const told = [
    ...sections.slice(0, steps.length).filter((lines) => lines.length > 1),
    ...sections.slice(steps.length),
  ];
  const [last = [], ...rest] = told.toReversed();
  const wrap = (lines: readonly string[]) => lines.flatMap((line) => wrapped(line, width));
  return [
    ...rest.toReversed().flatMap((lines) => [...wrap(lines), '']),
    // Whole, so that they can be pasted.
    colours.bold('repeat it'),
    ...steps.flatMap(({ repeat }) => repeat).map(indented),
    '',
    ...wrap(last),
  ]
    .map((line) => `${line}\n`)
    .join('');
};

const indented = (line: string): string => `  ${line}`;
