import { type AddressRange, addressText, type NetworkPolicy, parseAddress, parseRange } from '../model/index.ts';
import { blocksIn, placesOf } from './sight.ts';
import type { StandIn } from './stand-ins.ts';

/** The pods' range of podreach's own cluster (kind-config.yaml), and where in it addresses are most likely free. */
const POD_RANGE = '192.168.0.0/16';
const FIRST_CHOICE = '192.168.200.1';

export interface Pinning {
  /** Empty if no ipBlock tells a pod's address from one that is not known. */
  readonly addresses: ReadonlyMap<StandIn, string>;
  /** Whether they are near the cluster's own, because podreach's own cluster has none that the blocks treat alike. */
  readonly areOwn: boolean;
  /** The pods that should be pinned and can't be: those in their node's network. */
  readonly unpinned: ReadonlySet<StandIn>;
}

/** Gives pods addresses that the blocks of the policies treat as they treat the samples'. */
export const pin = (standIns: readonly StandIn[], policies: readonly NetworkPolicy[]): Pinning => {
  const blocks = policies.flatMap(blocksIn);
  const matters = blocks.some(({ cidr, except }) => cidr.prefixLength > 0 || except.length > 0);
  const asked = matters ? standIns : [];
  const onNodes = asked.filter(({ sample }) => sample.hostNetwork);
  const pods = asked.filter(({ sample }) => !sample.hostNetwork);
  const edges = blocks
    .flatMap(({ cidr, except }) => [cidr, ...except])
    .flatMap(({ first, last }) => [first, last + 1n]);
  const placeOf = placesOf(policies);
  const moved = find(pods, { placeOf, edges, rangeOf: () => POD_RANGE, startOf: () => FIRST_CHOICE });
  if (moved.size === pods.length) return { addresses: moved, areOwn: false, unpinned: new Set(onNodes) };
  const near = { rangeOf: (own: string) => `${own}/${own.includes(':') ? 112 : 16}`, startOf: (own: string) => own };
  const addresses = find(pods, { placeOf, edges, ...near });
  const unpinned = new Set([...onNodes, ...pods.filter((pod) => !addresses.has(pod))]);
  return { addresses, areOwn: true, unpinned };
};

interface Search {
  readonly placeOf: (address: string) => string;
  /** Where the places begin. */
  readonly edges: readonly bigint[];
  readonly rangeOf: (own: string) => string;
  /** The first that is tried. */
  readonly startOf: (own: string) => string;
}

/** For each pod an address of the range in the same place as its sample's, none twice; none where there is none left. */
const find = (standIns: readonly StandIn[], search: Search): ReadonlyMap<StandIn, string> => {
  const taken = new Set<string>();
  const next = new Map<string, bigint>();
  return new Map(
    standIns.flatMap((standIn) => {
      const [own = ''] = standIn.sample.addresses;
      const range = parseRange(search.rangeOf(own));
      const start = parseAddress(search.startOf(own));
      if (!range || !start) return [];
      const place = search.placeOf(own);
      const key = `${range.first} ${place}`;
      const starts = [next.get(key) ?? start.value, ...search.edges, range.first];
      const found = starts
        .map((from) => firstFree(from, range, (text) => search.placeOf(text) === place, taken))
        .find((value) => value !== null);
      if (found === undefined || found === null) return [];
      next.set(key, found);
      const text = addressText({ family: range.family, value: found });
      taken.add(text);
      return [[standIn, text] as const];
    }),
  );
};

/** The first one from there on that is free, as long as they fit. */
const firstFree = (
  from: bigint,
  { first, last, family }: AddressRange,
  fits: (text: string) => boolean,
  taken: ReadonlySet<string>,
): bigint | null => {
  if (from < first) return null;
  for (let value = from; value <= last; value += 1n) {
    const text = addressText({ family, value });
    if (!fits(text)) return null;
    if (!taken.has(text) && value % 256n !== 0n && value % 256n !== 255n) return value;
  }
  return null;
};
