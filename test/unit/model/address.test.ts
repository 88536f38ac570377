import { expect } from 'chai';
import { contains, isCovered, isInside, parseAddress, parseRange } from '../../../src/model/address.ts';

const range = (text: string) => {
  const parsed = parseRange(text);
  if (!parsed) throw new Error(`${text} is no range`);
  return parsed;
};
const address = (text: string) => {
  const parsed = parseAddress(text);
  if (!parsed) throw new Error(`${text} is no address`);
  return parsed;
};

describe('addresses', () => {
  for (const [text, family, value] of [
    ['0.0.0.0', 'IPv4', 0n],
    ['10.1.2.3', 'IPv4', 0x0a010203n],
    ['255.255.255.255', 'IPv4', 0xffffffffn],
    ['::', 'IPv6', 0n],
    ['::1', 'IPv6', 1n],
    ['fd00::ab', 'IPv6', 0xfd0000000000000000000000000000abn],
    ['1:2:3:4:5:6:7:8', 'IPv6', 0x00010002000300040005000600070008n],
    ['::10.0.0.1', 'IPv6', 0x0a000001n],
    // Go's net.IP holds it as IPv4 too.
    ['::ffff:1.2.3.4', 'IPv4', 0x01020304n],
  ] as const)
    it(`are read: ${text}`, () => expect(parseAddress(text)).to.deep.equal({ family, value }));

  for (const text of [
    '',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '0x0a.0.0.1',
    '10.0.0.1.2',
    'fe80::1%eth0',
    '1::2::3',
    'web',
    '::10.0.0.1:1',
    '10.0.0.1:',
  ])
    it(`are nothing else: ${JSON.stringify(text)}`, () => expect(parseAddress(text)).to.equal(null));
});

describe('ranges of addresses', () => {
  it('go from the first to the last address of their prefix', () => {
    expect(range('10.1.2.3/8')).to.include({
      first: 0x0a000000n,
      last: 0x0affffffn,
      prefixLength: 8,
      text: '10.1.2.3/8',
    });
    expect(range('10.0.0.1/32')).to.include({ first: 0x0a000001n, last: 0x0a000001n });
    expect(range('0.0.0.0/0')).to.include({ first: 0n, last: 0xffffffffn });
    expect(range('::/0')).to.include({ family: 'IPv6', first: 0n, last: (1n << 128n) - 1n });
  });

  for (const text of [
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '::/129',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    'x/10.0.0.0/8',
    '::ffff:10.0.0.0/104',
  ])
    it(`are nothing else: ${text}`, () => expect(parseRange(text)).to.equal(null));

  it('contain their ends and nothing beyond, of their own family only', () => {
    const block = range('10.0.0.4/30');
    const inside = ['10.0.0.3', '10.0.0.4', '10.0.0.7', '10.0.0.8', '::10.0.0.5'].map((text) =>
      contains(block, address(text)),
    );
    expect(inside).to.deep.equal([false, true, true, false, false]);
  });

  it('are inside others only if they are smaller', () => {
    expect(isInside(range('10.1.0.0/16'), range('10.0.0.0/8'))).to.equal(true);
    expect(isInside(range('10.0.0.0/8'), range('10.0.0.0/8'))).to.equal(false);
    expect(isInside(range('11.0.0.0/16'), range('10.0.0.0/8'))).to.equal(false);
    expect(isInside(range('9.0.0.0/16'), range('10.0.0.0/8'))).to.equal(false);
    expect(isInside(range('10.0.0.0/16'), range('10.0.0.0/8'))).to.equal(true);
    expect(isInside(range('10.255.0.0/16'), range('10.0.0.0/8'))).to.equal(true);
    expect(isInside(range('10.0.0.0/8'), range('10.1.0.0/16'))).to.equal(false);
    expect(isInside(range('::/96'), range('0.0.0.0/0'))).to.equal(false);
  });

  it('are covered by others if no address is left, whoever has it', () => {
    const covered = (text: string, ...others: readonly string[]) => isCovered(range(text), others.map(range));
    expect(covered('10.0.0.0/8')).to.equal(false);
    expect(covered('10.0.0.0/8', '10.0.0.0/8')).to.equal(true);
    expect(covered('10.0.0.0/8', '0.0.0.0/0')).to.equal(true);
    expect(covered('10.0.0.0/8', '10.128.0.0/9', '10.0.0.0/9')).to.equal(true);
    expect(covered('10.0.0.0/8', '10.128.0.0/9', '10.0.0.0/10', '10.64.0.0/11')).to.equal(false);
    expect(covered('10.0.0.0/30', '10.0.0.0/32', '10.0.0.1/32', '10.0.0.3/32')).to.equal(false);
    expect(covered('10.0.0.0/30', '10.0.0.3/32', '10.0.0.2/32', '10.0.0.1/32', '10.0.0.0/32', '10.0.0.0/31')).to.equal(
      true,
    );
    expect(covered('255.255.255.254/31', '255.255.255.254/32', '255.255.255.255/32')).to.equal(true);
    expect(covered('10.0.0.0/30', '10.0.0.0/30', '10.0.1.0/30')).to.equal(true);
    expect(covered('10.0.1.0/30', '10.0.0.0/30')).to.equal(false);
    expect(covered('10.0.0.0/30', '10.0.0.0/30', '10.0.0.1/32')).to.equal(true);
    expect(covered('10.0.1.0/30', '10.0.0.0/30', '10.0.1.0/30')).to.equal(true);
    expect(covered('::/96', '0.0.0.0/0')).to.equal(false);
    expect(covered('0.0.0.0/0', '::/96')).to.equal(false);
    expect(covered('fd00::/8', 'fd00::/9', 'fd80::/9')).to.equal(true);
  });
});
