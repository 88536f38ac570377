import { execa } from 'execa';
import { type AddressRange, contains, parseAddress, parseRange } from '../model/index.ts';
import { subnetsOf } from './ip-family.ts';

/** A range of addresses that a cluster has for itself. */
export interface ClusterRange {
  /** What for: `its pods`. */
  readonly what: string;
  readonly range: AddressRange;
}

/**
 * The ranges that a cluster of this configuration (its text) has, pods, Services and nodes: what a machine outside of it
 * can't have. The nodes' network is known only once kind has made it. What can't be read is left out: kind tells of it.
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

/** The range that the address is in, if it is in one. */
export const rangeAround = (address: string, ranges: readonly ClusterRange[]): ClusterRange | undefined => {
  const parsed = parseAddress(address);
  return parsed ? ranges.find(({ range }) => contains(range, parsed)) : undefined;
};
