import { execa } from 'execa';
import { type AddressRange, contains, parseAddress, parseRange } from '../model/index.ts';
import { subnetsOf } from './ip-family.ts';

/** A range of addresses that the cluster uses. */
export interface ClusterRange {
  /** What the range is for: `its pods`. */
  readonly what: string;
  readonly range: AddressRange;
}

/**
 * The ranges that a cluster with this configuration (its text) uses for pods, Services and nodes; a machine outside
 * can't have an address in them. The nodes' network is known only once kind has created it. Leaves out what can't be
 * read: kind reports it.
 */
export const clusterRanges = async (config: string): Promise<readonly ClusterRange[]> => [
  ...rangesOf('its pods', subnetsOf(config, 'podSubnet')),
  ...rangesOf('its Services', subnetsOf(config, 'serviceSubnet')),
  ...rangesOf('its nodes', await nodeSubnets()),
];

const nodeSubnets = async (): Promise<readonly string[]> => {
  const format = '{{range .IPAM.Config}}{{println .Subnet}}{{end}}';
  const options = { reject: false, timeout: 20_000 } as const;
  const { stdout = '', failed } = await execa('docker', ['network', 'inspect', 'kind', '--format', format], options);
  return failed ? [] : stdout.split('\n');
};

const rangesOf = (what: string, texts: readonly string[]): readonly ClusterRange[] =>
  texts.flatMap((text) => {
    const range = parseRange(text);
    return range ? { what, range } : [];
  });

/** The range that contains the address, if any. */
export const rangeAround = (address: string, ranges: readonly ClusterRange[]): ClusterRange | undefined => {
  const parsed = parseAddress(address);
  return parsed ? ranges.find(({ range }) => contains(range, parsed)) : undefined;
};
