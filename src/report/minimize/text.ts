import type { Finding } from '../../minimize/index.ts';
import { plural, printable } from '../../text.ts';
import { wrapped } from '../../wrap.ts';
import { coloursOf } from '../colours.ts';
import type { ReporterOptions } from '../reporter.ts';
import { doubtsOf, findingText, sizeText } from './words.ts';

/** What was found and where it is, for people. */
export const minimizedText = (
  finding: Finding,
  written: readonly string[],
  { colour, width }: ReporterOptions,
): string => {
  const { bold, yellow } = coloursOf(colour);
  const { mismatch, before, after, tries } = finding;
  const lines = [
    bold(`${printable(findingText(mismatch, after))}.`),
    '',
    `before  ${sizeText(before)}`,
    `after   ${sizeText(after)}`,
    `tries   ${tries}${mismatch.kind === 'cni' ? ' on pods' : ' with the model'}`,
    ...doubtsOf(finding).map((doubt) => yellow(`warning: ${doubt}`)),
    '',
    ...written.map((path) => `wrote ${printable(path)}`),
  ];
  return lines
    .flatMap((line) => wrapped(line, width))
    .map((line) => `${line}\n`)
    .join('');
};

/** The same as a README beside the scenario. */
export const minimizedReadme = (finding: Finding, written: readonly string[] = []): string => {
  const { scenario, file, mismatch, before, after, tries } = finding;
  return [
    '# The smallest scenario that shows it',
    '',
    `${findingText(mismatch, after)}.`,
    '',
    `podreach reduced the scenario ${scenario} (${file}) in ${plural(tries, 'try', 'tries')}:`,
    '',
    `- before: ${sizeText(before)}`,
    `- after: ${sizeText(after)}`,
    ...doubtsOf(finding).map((doubt) => `- note: ${doubt}`),
    '',
    ...written,
    mismatch.kind === 'cni'
      ? '`podreach run .` tries it on a cluster.'
      : '`podreach model .` shows it without a cluster, `podreach run .` on one.',
  ]
    .map(printable)
    .map((line) => `${line}\n`)
    .join('');
};
