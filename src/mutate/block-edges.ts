import { type Address, addressText, type BlockPeer } from '../model/index.ts';

/** The addresses inside and outside of each edge, and around the edges of blocks half and twice as large. */
export const edgesOf = ({ cidr, except }: BlockPeer): readonly string[] =>
  [cidr, ...except].flatMap(({ family, first, last }) => {
    const size = last - first + 1n;
    const middle = first + size / 2n;
    const twice = first - (first % (2n * size));
    const values = [first - 1n, first, middle - 1n, middle, last, last + 1n, twice, twice + 2n * size - 1n];
    const addresses = values.map((value): Address => ({ family, value }));
    return addresses.filter(isUsable).map(addressText);
  });

const LARGEST = { IPv4: 2n ** 32n, IPv6: 2n ** 128n } as const;

const isUsable = ({ family, value }: Address): boolean => value >= 0n && value < LARGEST[family];
