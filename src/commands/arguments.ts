/** Reads the values of flags; a wrong one is told as the command line's own mistake. */
import { InvalidArgumentError } from 'commander';
import { reporters } from '../report/index.ts';
import type { ReporterName } from './output.ts';

export const atLeast = (least: number) => (text: string) => {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
};

export const pattern = (text: string): RegExp => {
  try {
    return new RegExp(text, 'v');
  } catch (error) {
    // The engine repeats the pattern, which commander has quoted already.
    const reason = (error as Error).message.replace(/^.*\/v: /s, '');
    throw new InvalidArgumentError(`It is not a regular expression: ${reason}.`);
  }
};

export const shard = (text: string) => {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index && count && index <= count) return { index, count };
  throw new InvalidArgumentError('It must be i/n with i from 1 to n, for example 2/3.');
};

export const reporterNames = (text: string): ReporterName[] => {
  const names = [...new Set(text.split(','))];
  const unknown = names.find((name) => !Object.hasOwn(reporters, name));
  if (unknown === undefined) return names as ReporterName[];
  throw new InvalidArgumentError(`"${unknown}" is no reporter; there are ${Object.keys(reporters).join(', ')}.`);
};
