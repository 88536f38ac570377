import type { Decision } from '../model/index.ts';
import type { CellPort, Change } from './result.ts';

/** Cells with the same decisions, from ends that are alike. */
export interface RawCells {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly port: CellPort;
  readonly before: Decision | null;
  readonly after: Decision | null;
  readonly untouched: boolean;
}

/** null if nothing changed and both sides are decided. */
export const changeOf = ({
  before,
  after,
  untouched,
}: Pick<RawCells, 'before' | 'after' | 'untouched'>): Change | null => {
  if (before === null) return 'added';
  if (after === null) return 'removed';
  if (before === after) return before === 'unknown' ? (untouched ? 'undecided' : 'may-differ') : null;
  if (before === 'unknown') return after === 'allow' ? 'may-open' : 'may-close';
  if (after === 'unknown') return before === 'deny' ? 'may-open' : 'may-close';
  return after === 'allow' ? 'opened' : 'closed';
};
