import type { Timings } from '../matrix/index.ts';
import { durationText } from '../stopwatch.ts';

const IN_ORDER: readonly string[] = [
  'clusterMs',
  'deployMs',
  'attachMs',
  'changeMs',
  'baselineMs',
  'recordMs',
  'applyMs',
  'settleMs',
  'followMs',
  'probeMs',
  'startsMs',
];

/** `deploy 1.2 s, probe 340 ms, total 1.6 s`: the stages in order, then what else took time, then the total. */
export const timingsText = (timings: Timings): string => {
  const ranked = Object.entries(timings).toSorted(([a], [b]) => rankOf(a) - rankOf(b));
  return ranked.map(([part, ms]) => `${partName(part)} ${durationText(ms)}`).join(', ');
};

/** The sum of each part over all levels; `totalMs` is that of the first. */
export const sumTimings = (outer: Timings, inner: readonly Timings[]): Timings => {
  const sums: Record<`${string}Ms`, number> = { ...outer };
  for (const [part, ms] of inner.flatMap((timings) => Object.entries(timings) as [`${string}Ms`, number][])) {
    if (part !== 'totalMs') sums[part] = (sums[part] ?? 0) + ms;
  }
  return sums;
};

const rankOf = (part: string): number => {
  if (part === 'totalMs') return IN_ORDER.length + 1;
  const index = IN_ORDER.indexOf(part);
  return index < 0 ? IN_ORDER.length : index;
};

/** `imagePullMs` is read as `image pull`. */
const partName = (part: string): string =>
  part.replace(/Ms$/, '').replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
