import type { Endpoint } from '../deploy/index.ts';
import { bareProbe, type Probe } from '../scenario/index.ts';
import type { Reading } from './classify.ts';
import { type Combined, combine } from './combine.ts';
import { directProbes } from './controls.ts';
import { telling } from './telling.ts';
import { isSpread } from './tools.ts';
import type { Observation, Verdict } from './verdict.ts';

/** A probe and its results. */
export interface Cell {
  readonly probe: Probe;
  /** Its connections may reach different backends of a Service. */
  readonly spread: boolean;
  /** The probes that go directly to that Service's backends. */
  readonly direct: readonly Probe[];
  /** The readings of each attempt. */
  readonly attempts: (readonly Reading[])[];
}

export const cellOf = (probe: Probe, endpoints: ReadonlyMap<string, Endpoint>): Cell => {
  const to = endpoints.get(probe.to);
  const spread = isSpread(probe, to);
  return { probe, spread, direct: spread ? directProbes(probe, to) : [], attempts: [] };
};

/**
 * Whether its connections have to reach each backend: if no direct probe shows what the others would see, and once an
 * attempt has left open whether each was reached.
 */
export const isSure = ({ spread, direct, attempts }: Cell): boolean =>
  spread && (direct.length === 0 || attempts.length > 0);

/** Whether another attempt may show more: the last one broke, or attempts saw different things. */
export const isUnsettled = (cell: Cell): boolean =>
  lastOf(cell).verdict === 'error' || (cell.attempts.length > 1 && changed(cell));

/** What the last attempt saw, and whether an earlier one saw something else. */
export const observe = (cell: Cell): Observation => {
  const { verdict, detail } = lastOf(cell);
  return {
    ...bareProbe(cell.probe),
    verdict,
    flaky: verdict !== 'error' && changed(cell),
    attempts: cell.attempts.length,
    detail,
    ...(cell.spread && { servers: serversOf(cell) }),
  };
};

const serversOf = ({ attempts }: Cell): ReadonlySet<string> =>
  new Set(attempts.flat().flatMap(({ server }) => (server === undefined ? [] : [server])));

const lastOf = ({ attempts, spread }: Cell): Combined => combine(attempts.at(-1) ?? [], spread);

const changed = ({ attempts, spread }: Cell): boolean => {
  const seen = new Set<Verdict>(
    attempts.flatMap((readings) => telling(readings, spread)).map(({ verdict }) => verdict),
  );
  seen.delete('error');
  return seen.size > 1;
};
