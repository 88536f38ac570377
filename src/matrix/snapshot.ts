import { PodreachError } from '../errors.ts';
import type { Verdict } from '../probe/index.ts';
import type { Expectation, ExpectedProbe } from '../scenario/index.ts';
import { bounded } from '../text.ts';
import type { Cell } from './judged.ts';

const NAMED_AT_MOST = 10;

const EXPECTATION_OF: ReadonlyMap<Verdict | null, Expectation> = new Map([
  ['allowed', 'allow'],
  ['dropped', 'deny'],
  ['rejected', 'deny'],
]);

/**
 * What was seen, as the expectations that `-u` writes, in the order of the cells and without the pods' own. Nothing is
 * expected of a cell that the specification leaves undefined, of one that the grid exempts already, nor of what a sticky
 * Service did for one client, which says nothing about the next one. Throws a `PodreachError` that names the cells
 * without a certain verdict, because a guess must not become an expectation.
 */
export const snapshotOf = (cells: readonly Cell[]): ExpectedProbe[] => {
  const others = cells.filter(({ status }) => status !== 'self');
  return others.map((cell) => {
    const { from, to, port, protocol, family } = cell;
    const expectation = certain(cell);
    if (expectation === undefined) throw refusal(others.filter((other) => certain(other) === undefined));
    return { from, to, port, protocol, ...(family !== undefined && { family }), expectation };
  });
};

const certain = ({ status, exempt, sticky, observed }: Cell): Expectation | null | undefined => {
  if (status === 'error' || status === 'flaky') return undefined;
  return status === 'open' || exempt || sticky ? null : EXPECTATION_OF.get(observed);
};

const refusal = (cells: readonly Cell[]): PodreachError => {
  const list = bounded(cells, NAMED_AT_MOST, ({ from, to, port, protocol, status }) => [
    `${from} -> ${to} ${port}/${protocol} (${status})`,
  ]).join(', ');
  return new PodreachError(`The expectations can't be updated, because these cells have no certain verdict: ${list}`, {
    hint: 'Run again until every cell is seen as allowed or blocked, then update.',
  });
};
