import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Size } from './generator.ts';
import type { Measurement } from './measure.ts';

/** How long the model takes for clusters of growing size, and by which power of pods and of policies it grows. */

const SIZES: readonly (readonly [what: string, size: Size, limit: string])[] = [
  ['matrix', { namespaces: 20, pods: 1_000, policies: 100 }, 'work 50 ms'],
  ['matrix', { namespaces: 200, pods: 10_000, policies: 1_000 }, 'work 1 s, 250 MB'],
  ['decide', { namespaces: 25_000, pods: 100_000, policies: 75_000 }, 'read + compile 6 s, 1600 MB'],
  ['change', { namespaces: 200, pods: 10_000, policies: 1_000 }, 'work 100 ms'],
  ['compare', { namespaces: 200, pods: 10_000, policies: 1_000 }, 'work 1 s'],
];

const DOUBLINGS = [1, 2, 4, 8, 16];

export const benchModel = async (): Promise<void> => {
  say(
    'All cells of 6 ports (matrix), which of them one policy changes (change), the same of two models (compare), 100,000 decisions (decide).',
  );
  say('Times in ms, each row a new process: work is the first run, warm the median of 7 more.\n');
  for (const [what, size, limit] of SIZES) say(lineOf(what, size, await measure(what, size), limit));
  say('');
  await growth('pods', (factor) => ({ namespaces: 200, pods: 2_500 * factor, policies: 1_000 }));
  await growth('policies', (factor) => ({ namespaces: 200, pods: 10_000, policies: 125 * factor }));
  await growth('all', (factor) => ({ namespaces: 25 * factor, pods: 1_250 * factor, policies: 125 * factor }));
};

const growth = async (of: string, sizeAt: (factor: number) => Size): Promise<void> => {
  const points: { factor: number; seen: Measurement }[] = [];
  for (const factor of DOUBLINGS) {
    const seen = await measure('matrix', sizeAt(factor));
    points.push({ factor, seen });
    say(lineOf('matrix', sizeAt(factor), seen, ''));
  }
  const slope = (value: (seen: Measurement) => number): string =>
    slopeOf(points.map(({ factor, seen }) => [Math.log(factor), Math.log(value(seen))])).toFixed(2);
  const time = slope(({ warmMs }) => warmMs);
  say(`growth with ${of}: time by the power ${time}, classes ${slope(({ classes }) => classes)}\n`);
};

/** Least squares. */
const slopeOf = (points: readonly (readonly [number, number])[]): number => {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
};

const script = fileURLToPath(new URL('measure.ts', import.meta.url));

const measure = async (what: string, { namespaces, pods, policies }: Size): Promise<Measurement> => {
  const { stdout } = await execa(process.execPath, [script, what, `${namespaces}`, `${pods}`, `${policies}`]);
  return JSON.parse(stdout);
};

const lineOf = (what: string, size: Size, seen: Measurement, limit: string): string => {
  const cell = (name: string, value: number, digits = 0) => `${name} ${value.toFixed(digits)}`.padEnd(name.length + 9);
  return [
    what.padEnd(7),
    cell('namespaces', size.namespaces),
    cell('pods', size.pods),
    cell('policies', size.policies),
    what === 'matrix' ? cell('classes', seen.classes) : ' '.repeat(16),
    cell('read', seen.readMs, 1),
    cell('compile', seen.compileMs, 1),
    cell('work', seen.workMs, 1),
    cell('warm', seen.warmMs, 1),
    cell('peak MB', seen.peakMb),
    limit && `(limit: ${limit})`,
  ]
    .join(' ')
    .trimEnd();
};

const say = (line: string): void => void process.stdout.write(`${line}\n`);
