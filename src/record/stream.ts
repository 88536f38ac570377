import { createClock } from './clock.ts';
import type { Outcome, Sample } from './samples.ts';

const OUTCOMES: Readonly<Record<string, Outcome>> = { a: 'answered', d: 'silent', r: 'refused', e: null };

/** Reads what a recorder prints, as it comes; all lines are complete, and others are ignored. */
export const createStream = (targets: number) => {
  const clock = createClock();
  const read: { readonly readMs: number; readonly outcome: Outcome }[][] = Array.from({ length: targets }, () => []);
  const sent = new Map<number, number>();
  const heard = new Set<string>();
  let rest = '';

  const takeLine = (line: string): void => {
    const [, target, us = '', code = ''] = /^(\d+) (\d+) ([adre])$/.exec(line) ?? [];
    const outcome = OUTCOMES[code];
    const own = read[Number(target)];
    if (outcome !== undefined && own) {
      insert(own, { readMs: Number(us) / 1000, outcome });
      return;
    }
    const [, number = '', readUs = ''] = /^pong (\d+) (\d+)$/.exec(line) ?? [];
    const sentMs = sent.get(Number(number));
    if (sentMs === undefined || number === '') heard.add(line);
    else clock.note(sentMs, performance.now(), Number(readUs) / 1000);
  };

  return {
    clock,
    /** Whether this line came. */
    hasHeard: (line: string): boolean => heard.has(line),
    take: (text: string): void => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) takeLine(line);
    },
    /** Those that began before this, which are forgotten. */
    takeSamples: (target: number, beforeMs: number): readonly Sample[] => {
      const own = read[target] ?? [];
      const first = own.findIndex(({ readMs }) => clock.toOwn(readMs) >= beforeMs);
      return own
        .splice(0, first < 0 ? own.length : first)
        .map(({ readMs, outcome }) => ({ atMs: clock.toOwn(readMs), outcome }));
    },
    /** The next question for the recorder's clock, which has to be sent at once. */
    question: (): string => {
      sent.set(sent.size, performance.now());
      return `ping ${sent.size - 1}\n`;
    },
    /** A target's connections so far, in the order in which they began; at most so many of the last ones. */
    samples: (target: number, last = Number.POSITIVE_INFINITY): readonly Sample[] =>
      (read[target] ?? [])
        .slice(-Math.min(last, Number.MAX_SAFE_INTEGER))
        .map(({ readMs, outcome }) => ({ atMs: clock.toOwn(readMs), outcome })),
  };
};

/** Connections end in another order than they begin, but almost in the same. */
const insert = <Item extends { readonly readMs: number }>(items: Item[], item: Item): void => {
  const after = items.findLastIndex(({ readMs }) => readMs <= item.readMs);
  items.splice(after + 1, 0, item);
};
