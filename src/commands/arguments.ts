/** Reads the values of flags; a wrong one is told as the command line's own mistake. */
import { InvalidArgumentError } from 'commander';
import { reporters } from '../report/index.ts';
import { isModule } from './load-reporter.ts';
import { readChoice } from './output.ts';

export const atLeast = (least: number) => (text: string) => {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
};

export const pattern = (text: string): RegExp => {
  try {
    return new RegExp(text, 'v');
  } catch (error) {
    throw new InvalidArgumentError(`It is not a regular expression: ${(error as Error).message}`);
  }
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
    if (!Object.hasOwn(reporters, name) && !isModule(name))
      throw new InvalidArgumentError(
        `"${name}" is no reporter; there are ${Object.keys(reporters).join(', ')}, and modules of your own (./mine.ts).`,
      );
    if (file === '') throw new InvalidArgumentError(`The file is missing behind "${name}=".`);
  }
  return asked;
};
