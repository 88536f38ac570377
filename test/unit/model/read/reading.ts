import { expect } from 'chai';
import type { Tell } from '../../../../src/model/read/value.ts';

/** What is read, and the problems as `path: message`. */
export const reading = <Read>(read: (tell: Tell) => Read): readonly [Read, readonly string[]] => {
  const problems: string[] = [];
  const value = read(({ path }, message, part) =>
    problems.push(`${path.join('.')}${part === 'key' ? ' (key)' : ''}: ${message}`),
  );
  return [value, problems];
};

export const soundly = <Read>(read: (tell: Tell) => Read): Read => {
  const [value, problems] = reading(read);
  expect(problems).to.deep.equal([]);
  return value;
};

export const range = (text: string, first: bigint, last: bigint, prefixLength: number) => ({
  family: text.includes(':') ? 'IPv6' : 'IPv4',
  first,
  last,
  prefixLength,
  text,
});
export const ten = range('10.0.0.0/8', 0x0a000000n, 0x0affffffn, 8);
