import { expect } from 'chai';
import { sparkline } from '../../../../src/report/history/sparkline.ts';

describe('sparkline', () => {
  const lines: readonly (readonly [readonly (number | undefined)[], string])[] = [
    [[], ''],
    [[5], '▁'],
    [[5, 5, 5], '▁▁▁'],
    [[0, 7, 3.4], '▁█▄'],
    [[100, undefined, 200], '▁ █'],
  ];
  for (const [numbers, line] of lines)
    it(`of ${JSON.stringify(numbers)} is "${line}"`, () => expect(sparkline(numbers)).to.equal(line));
});
