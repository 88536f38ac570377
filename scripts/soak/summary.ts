import type { Killed, Kills } from './kills.ts';
import type { Round } from './podreach.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const mean = (numbers: readonly number[]): number => (numbers.length === 0 ? 0 : sum(numbers) / numbers.length);

const wrongIn = (rounds: readonly Round[]): readonly string[] => rounds.flatMap(({ wrong }) => wrong);

/** A table for people, of all rounds. */
export const summary = (rounds: readonly Round[], left: readonly string[], kills: Kills): string => {
  const used = rounds.map((round) => round.usedMiB);
  const rows: readonly (readonly [string, string | number])[] = [
    ['rounds', rounds.length],
    ['of them all as expected', rounds.filter(({ ok }) => ok).length],
    ['cells', sum(rounds.map(({ cells }) => cells))],
    ['wrong verdicts', wrongIn(rounds).length],
    ['cells that were an error', sum(rounds.map(({ broken }) => broken))],
    ['left behind', left.length],
    ['MiB in use (first, last, most)', `${used[0] ?? 0}, ${used.at(-1) ?? 0}, ${Math.max(0, ...used)}`],
    ...kills.commands.map((one) => [`${one.name} killed`, killedText(one)] as const),
    ['left behind by killed commands', kills.left.length],
    ['ended containers in pods', `${kills.listed}, which Kubernetes lists until the pod is deleted`],
  ];
  return rows.map(([what, value]) => `${what.padEnd(34)}${value}`).join('\n');
};

const killedText = ({ times, late, atOnce, left }: Killed): string => {
  const there = Object.entries(atOnce).map(([kind, count]) => `${count} ${kind}`);
  return `${times} times${late > 0 ? ` (${late} had ended)` : ''}; at once ${there.join(', ') || 'nothing'}; after the next run ${left.length}`;
};

/** Memory that the last third of the rounds may take beyond the first third, as a factor. */
const FLAT = 1.25;

/** Everything that is wrong; empty if all is well. An error cell is not a finding. */
export const findings = (rounds: readonly Round[], left: readonly string[], kills: Kills): readonly string[] => {
  const third = Math.max(1, Math.floor(rounds.length / 3));
  const [early, late] = [rounds.slice(0, third), rounds.slice(-third)].map((some) =>
    mean(some.map((round) => round.usedMiB)),
  ) as [number, number];
  const silent = rounds.filter(({ cells }) => cells === 0).length;
  return [
    ...wrongIn(rounds).map((cell) => `a wrong verdict: ${cell}`),
    ...(silent > 0 ? [`${silent} rounds without a cell`] : []),
    ...left.map((one) => `left behind: ${one}`),
    ...(late > early * FLAT ? [`memory grew from ${Math.round(early)} to ${Math.round(late)} MiB`] : []),
    ...kills.commands.flatMap(({ name, broke, left, nextOk }) => [
      ...broke.map((last) => `${name} broke before it was killed: ${last}`),
      ...left.map((one) => `left behind by ${name}, and by the next run: ${one}`),
      ...(nextOk ? [] : [`the run after ${name} was not as expected`]),
    ]),
    ...kills.left.map((one) => `left behind by killed commands: ${one}`),
  ];
};
