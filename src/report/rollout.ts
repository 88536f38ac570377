import type { Action, Damage, Rollout } from '../rollout/index.ts';
import { type Probe, portText } from '../scenario/index.ts';
import { andMore, plural, printable } from '../text.ts';
import { wrapped } from '../wrap.ts';
import { coloursOf } from './colours.ts';
import type { ReporterOptions } from './reporter.ts';

/** A plan, and what is in its files, in order. */
export interface WrittenRollout extends Rollout {
  /** One for each action. */
  readonly files: readonly string[];
}

const CELLS_AT_MOST = 3;

/** A plan for people: the commands, and what the order as written would have done. */
export const rolloutText = ({ actions, files, naive, undecided }: WrittenRollout, options: ReporterOptions): string => {
  const colours = coloursOf(options.colour);
  const lines = [
    ...(actions
      ? [
          colours.bold(colours.green(`planned: ${plural(actions.length, 'change')}, and no state between does harm`)),
          '  Wait after each until it is enforced.',
          ...actions.map((action, at) => `  ${printable(commandText(action, files[at] ?? ''))}`),
        ]
      : [colours.bold(colours.red('no order was found in which no state between does harm'))]),
    '',
    ...naiveLines(naive),
    ...(undecided > 0
      ? [`${plural(undecided, 'cell')} may do anything on the way: they depend on addresses that are not known`]
      : []),
  ];
  return lines
    .flatMap((line) => wrapped(line, options.width))
    .map((line) => `${line}\n`)
    .join('');
};

const commandText = ({ kind }: Action, file: string): string =>
  `kubectl ${kind.startsWith('apply') ? 'apply' : 'delete'} -f ${file}`;

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

const cellsText = (what: string, cells: readonly Probe[]): string => {
  if (cells.length === 0) return '';
  const shown = cells
    .slice(0, CELLS_AT_MOST)
    .map(({ from, to, port, protocol }) => `${from} -> ${to} ${portText({ number: port, protocol })}`);
  return `${plural(cells.length, 'cell')} ${what}: ${shown.join(', ')}${andMore(cells.length - shown.length)}`;
};
