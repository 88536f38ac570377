import type { Action, Rollout } from '../../rollout/index.ts';
import { durationText } from '../../stopwatch.ts';
import { bounded, plural, printable } from '../../text.ts';
import { unseenIn, type Violation, type Walk } from '../../watch/index.ts';
import type { Colours } from '../colours.ts';
import { namesText } from './names-text.ts';
import { actionsOf, isUnproven, nameOf, type Order, type OrderProof } from './shown.ts';

const LINES_AT_MOST = 20;
const ORDERS: Readonly<Record<Order, string>> = { planned: 'in the planned order', written: 'as written' };

/** What was seen while an order was gone through; printable. */
export const proofLines = (
  { order, walk, violations }: OrderProof,
  rollout: Rollout,
  colours: Colours,
): readonly string[] => {
  const actions = actionsOf(rollout, order);
  const title = `live, ${ORDERS[order]}`;
  const how = `  ${howText(walk)}`;
  const unseen = unseenLines(walk);
  if (violations.length > 0)
    return [
      colours.bold(colours.red(`failed: ${title}, ${plural(violations.length, 'violation')}`)),
      ...violationLines(violations, actions),
      ...unseen,
      how,
    ];
  if (isUnproven(walk)) return [colours.bold(colours.magenta(`error: ${title}, not all was seen`)), ...unseen, how];
  const count = plural(walk.watched.cells.length, 'cell');
  return [colours.bold(colours.green(`passed: ${title}, ${count} that must not change never did`)), how];
};

/** Those of one change that cut or opened something together. */
const violationLines = (violations: readonly Violation[], actions: readonly Action[]): readonly string[] => {
  const groups = [...Map.groupBy(violations, ({ after, what }) => `${after} ${what}`).values()];
  return bounded(groups, LINES_AT_MOST, (own) => {
    const [{ after, what }] = own as [Violation, ...Violation[]];
    const cells = namesText(own.map(({ probe }) => probe));
    return [
      `  ${whenText(after, actions)}: ${plural(own.length, 'cell')} ${what}${timesText(own)}: ${printable(cells)}`,
    ];
  });
};

/** `after change 2, apply shop/web` */
const whenText = (after: number, actions: readonly Action[]): string => {
  const action = actions[after - 1];
  if (!action) return 'before any change';
  const verb = action.kind.startsWith('apply') ? 'apply' : 'delete';
  return `after change ${after}, ${verb} ${printable(nameOf(action))}`;
};

/** ` 14 ms later, for 1.2 s`, the earliest and the longest. */
const timesText = (own: readonly Violation[]): string => {
  const sinceMs = Math.min(...own.map((one) => one.sinceMs));
  const times = own.map(({ forMs }) => forMs ?? Number.POSITIVE_INFINITY);
  const longestMs = Math.max(...times);
  const most = new Set(times).size > 1 ? 'up to ' : '';
  const lasted = longestMs === Number.POSITIVE_INFINITY ? 'to the end' : `for ${most}${durationText(longestMs)}`;
  return ` ${durationText(sinceMs)} later, ${lasted}`;
};

const unseenLines = (walk: Walk): readonly string[] => {
  if (walk.watched.cells.length === 0) return ['  there was no cell to watch'];
  const unseen = unseenIn(walk);
  if (unseen.length === 0) return [];
  const keys = new Map(unseen.map((probe) => [namesText([probe]), probe]));
  return [`  not seen all the time: ${plural(keys.size, 'cell')}: ${printable(namesText([...keys.values()]))}`];
};

/** `4 states in 5.2 s, 2340 connections, each cell every 15 ms` */
const howText = ({ states, watched }: Walk): string => {
  const { cells, tickMs, fromMs, toMs } = watched;
  const connections = cells.reduce((sum, { samples }) => sum + samples, 0);
  const lost = cells.reduce((sum, cell) => sum + cell.lost, 0);
  const byMatrix = cells.filter(({ by }) => by === 'matrix').length;
  return [
    `${plural(states.length, 'state')} in ${durationText(toMs - fromMs)}`,
    plural(connections, 'connection'),
    ...(tickMs !== null && byMatrix < cells.length
      ? [`${plural(cells.length - byMatrix, 'cell')} tried every ${tickMs} ms`]
      : []),
    ...(byMatrix > 0 ? [`${plural(byMatrix, 'cell')} only by repeated matrices`] : []),
    ...(lost > 0 ? [plural(lost, 'lost packet')] : []),
  ].join(', ');
};
