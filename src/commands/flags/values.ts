/** Reads the values of flags; a wrong one is reported as a mistake on the command line. */
import { InvalidArgumentError } from 'commander';
import { parsePort } from '../../port.ts';
import type { Port } from '../../scenario/index.ts';
import { isModule, REPORTERS, readChoice } from './report-choice.ts';

export const wholeNumber =
  (least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    const range = most < Number.MAX_SAFE_INTEGER ? `from ${least} to ${most}` : `of at least ${least}`;
    throw new InvalidArgumentError(`It must be a whole number ${range}.`);
  };

/** How long a probe may wait: long enough for two SYNs; more than ten minutes is a mistake. */
export const probeTimeoutMs = wholeNumber(1200, 600_000);

/** How long settling may take. The proof at the beginning of a run has the same limit, and busy machines are slow. */
export const settleTimeoutMs = wholeNumber(5000, 600_000);

/** A value is empty if a script passes a variable that is not set. */
export const notEmpty = (text: string) => {
  if (text !== '') return text;
  throw new InvalidArgumentError('It must not be empty.');
};

export const pattern = (text: string): RegExp => {
  try {
    return new RegExp(text, 'v');
  } catch (error) {
    // The engine repeats the pattern, which commander has quoted already.
    const reason = (error as Error).message.replace(/^.*\/v: /s, '');
    throw new InvalidArgumentError(`It is not a valid regular expression: ${reason}.`);
  }
};

/** `nightly,dns`: one list for each time that the flag is given. */
export const tagList = (text: string, before: readonly (readonly string[])[] = []): readonly (readonly string[])[] => {
  const tags = text.split(',');
  if (tags.every((tag) => tag !== '')) return [...before, tags];
  throw new InvalidArgumentError('It must be a tag, or several with commas between them.');
};

export const shard = (text: string) => {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index && count && index <= count) return { index, count };
  throw new InvalidArgumentError('It must be i/n with i from 1 to n, for example 2/3.');
};

/** `terminal,json=run.json`: each once. */
export const reporterList = (text: string): string[] => {
  const asked = [...new Set(text.split(','))];
  for (const { name, file } of asked.map(readChoice)) {
    if (!REPORTERS.includes(name) && !isModule(name))
      throw new InvalidArgumentError(
        `"${name}" is not a reporter. Choose from ${REPORTERS.join(', ')}, or name a module of your own (./mine.ts).`,
      );
    if (file === '') throw new InvalidArgumentError(`The file name after "${name}=" is missing.`);
  }
  return asked;
};

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const LONGEST_MS = 7 * 24 * 3_600_000;

/** `90s`, `10m`, `2h`: in ms. */
export const duration = (text: string): number => {
  const [, number = '', unit = ''] = /^([1-9]\d{0,8})(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(number) * (UNITS[unit] ?? 0);
  if (ms > 0 && ms <= LONGEST_MS) return ms;
  throw new InvalidArgumentError('It must be a time like 30s, 10m or 2h, of 7 days at most.');
};

/** One of two words, or both with a comma between them, which come in this order. */
const either =
  <Word extends string>(first: Word, second: Word) =>
  (text: string): readonly Word[] => {
    const asked = new Set(text.split(','));
    const known = [first, second].filter((word) => asked.has(word));
    if (known.length === asked.size) return known;
    throw new InvalidArgumentError(`It must be ${first}, ${second}, or ${first},${second}.`);
  };

/** `opened`, `closed`, or both. */
export const changeList = either<'opened' | 'closed'>('opened', 'closed');

/** `planned`, `written`, or both. */
export const orderList = either<'planned' | 'written'>('planned', 'written');

/** All values of a flag that may be repeated. */
export const each = (text: string, before: readonly string[] = []): readonly string[] => [...before, notEmpty(text)];

/** `80`, `53/udp`; once for each time that the flag is given. */
export const eachPort = (text: string, before: readonly Port[] = []): readonly Port[] => {
  const port = parsePort(text.toUpperCase());
  if (port && port.number <= 65535) return [...before, port];
  throw new InvalidArgumentError('It must be a port like 80 or 53/UDP.');
};
