/** CIDR arithmetic by strings of bits, so that it shares no idea with the model's. */

/** Random worlds ask for the same few addresses again and again. */
const remembered = (compute: (text: string) => string): ((text: string) => string) => {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const computed = compute(text);
    known.set(text, computed);
    return computed;
  };
};

/** The 32 or 128 bits of an address, as a string of 0 and 1. */
const bitsOf = remembered((address) => {
  if (!address.includes(':'))
    return address
      .split('.')
      .map((octet) => digits(Number(octet), 8))
      .join('');
  const [before = '', after] = address.split('::');
  const head = groupsOf(before);
  const tail = groupsOf(after ?? '');
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].map((group) => digits(Number.parseInt(group, 16), 16)).join('');
});

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));
const digits = (value: number, length: number): string => value.toString(2).padStart(length, '0');

export const familyOf = (addressOrCidr: string): 'IPv4' | 'IPv6' => (addressOrCidr.includes(':') ? 'IPv6' : 'IPv4');

const prefixOf = remembered((cidr) => {
  const [base = '', length] = cidr.split('/');
  return bitsOf(base).slice(0, Number(length));
});

/** Whether CIDRs leave nothing of another one of their family: they hold it whole, or else both of its halves. */
export const leaveNothingOf = (cidr: string, others: readonly string[]): boolean => {
  const holes = others.filter((other) => familyOf(other) === familyOf(cidr)).map(prefixOf);
  const isHeld = (prefix: string): boolean => {
    if (holes.some((hole) => prefix.startsWith(hole))) return true;
    return holes.some((hole) => hole.startsWith(prefix)) && isHeld(`${prefix}0`) && isHeld(`${prefix}1`);
  };
  return isHeld(prefixOf(cidr));
};

/** Whether an address lies in a CIDR: its first bits are the CIDR's. */
export const isInCidr = (address: string, cidr: string): boolean => {
  return familyOf(address) === familyOf(cidr) && bitsOf(address).startsWith(prefixOf(cidr));
};
