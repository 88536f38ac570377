import { expect } from 'chai';
import { outsideAddresses } from '../../../../src/deploy/services/outside-addresses.ts';
import { contains, parseAddress, parseRange } from '../../../../src/model/index.ts';

const NOBODY: ReadonlySet<string> = new Set();
const BOTH = ['IPv4', 'IPv6'] as const;
// RFC 5737 and RFC 3849
const DOCUMENTATION = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'];

const isIn = (range: string, text: string): boolean => {
  const [parsed, address] = [parseRange(range), parseAddress(text)];
  if (!parsed || !address) throw new Error(`no address: ${text}`);
  return contains(parsed, address);
};

describe('outsideAddresses', () => {
  it('are of the ranges for documentation, one of each family', () => {
    for (let count = 0; count < 800; count += 1) {
      const [four = '', six = '', ...more] = outsideAddresses(BOTH, NOBODY);
      const ranges = [four, six].map((address) => DOCUMENTATION.filter((range) => isIn(range, address)).length);
      const told = `${four.includes(':')} ${six.includes(':')} ${more.length} ${ranges.join(' ')}`;
      if (told !== 'false true 0 1 1') expect.fail(`${four}, ${six}, ${more.join(', ')}: ${told}`);
    }
    expect(outsideAddresses(['IPv6'], NOBODY)).to.have.length(1);
  });

  it('are others each time, for 700 Services', () => {
    const given = Array.from({ length: 700 }, () => outsideAddresses(BOTH, NOBODY));
    expect(new Set(given.map(([four]) => four)).size).to.equal(700);
    expect(new Set(given.map(([, six]) => six)).size).to.equal(700);
  });

  it('are none of an outside host', () => {
    const keys = new Set<string>();
    for (let last = 1; last < 255; last += 1)
      for (const range of ['192.0.2', '203.0.113']) keys.add(`IPv4 ${parseAddress(`${range}.${last}`)?.value}`);
    for (let count = 0; count < 300; count += 1) {
      const [four = ''] = outsideAddresses(BOTH, keys);
      expect(isIn('198.51.100.0/24', four), four).to.equal(true);
    }
  });
});
