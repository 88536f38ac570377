import { commandLine } from '../../command-line.ts';
import type { Action, Damage } from '../../rollout/index.ts';
import type { Probe } from '../../scenario/index.ts';
import { plural, printable } from '../../text.ts';
import { wrapped } from '../../wrap.ts';
import { coloursOf } from '../colours.ts';
import type { ReporterOptions } from '../reporter.ts';
import { namesText } from './names-text.ts';
import { proofLines } from './proof-lines.ts';
import type { ShownRollout } from './shown.ts';

/** A plan for people: the commands, what the order as written would have done, and what was seen live. */
export const rolloutText = (rollout: ShownRollout, options: ReporterOptions): string => {
  const { actions, files, naive, undecided, proofs } = rollout;
  const colours = coloursOf(options.colour);
  // Whole, so that they can be pasted.
  const commands = (actions ?? []).map((action, at) => `  ${printable(commandText(action, files[at] ?? ''))}`);
  const lines = [
    ...(actions
      ? [
          colours.bold(colours.green(plannedText(actions.length))),
          ...(actions.length > 1 ? ['  Wait after each until it is enforced.'] : []),
          ...commands,
        ]
      : [colours.bold(colours.red('no order was found in which no state between does harm'))]),
    '',
    ...(rollout.written.length > 0 ? naiveLines(naive) : []),
    ...(undecided > 0
      ? [`${plural(undecided, 'cell')} may do anything on the way: they depend on addresses that are not known`]
      : []),
    ...proofs.flatMap((proof) => ['', ...proofLines(proof, rollout, colours)]),
  ];
  return lines
    .flatMap((line) => (commands.includes(line) ? [line] : wrapped(line, options.width)))
    .map((line) => `${line}\n`)
    .join('');
};

const plannedText = (changes: number): string =>
  changes === 0
    ? 'nothing to apply: no policy differs'
    : `planned: ${plural(changes, 'change')}, and no state between does harm`;

const commandText = ({ kind }: Action, file: string): string =>
  commandLine(['kubectl', kind.startsWith('apply') ? 'apply' : 'delete', '-f', file]);

const naiveLines = (naive: readonly Damage[]): readonly string[] => [
  naive.length === 0
    ? 'As written (all applied by name, then all deleted), the change would do no harm either.'
    : 'As written (all applied by name, then all deleted), it would do harm on the way:',
  ...naive.flatMap(({ after, cut, leaked }) =>
    [cellsText('cut', cut), cellsText('opened', leaked)]
      .filter((text) => text !== '')
      .map((text) => `  after ${plural(after, 'change')}: ${printable(text)}`),
  ),
];

const cellsText = (what: string, cells: readonly Probe[]): string =>
  cells.length === 0 ? '' : `${plural(cells.length, 'cell')} ${what}: ${namesText(cells)}`;
