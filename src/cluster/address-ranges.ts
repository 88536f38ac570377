import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { parseDocument } from 'yaml';
import { type AddressRange, contains, parseAddress, parseRange } from '../model/index.ts';

/** A range of addresses that a cluster has for itself. */
export interface ClusterRange {
  /** What for: `its pods`. */
  readonly what: string;
  readonly range: AddressRange;
}

/** What kind takes where its configuration says nothing (kind.sigs.k8s.io/docs/user/configuration/#networking). */
const DEFAULTS = { podSubnet: '10.244.0.0/16', serviceSubnet: '10.96.0.0/16' };

/**
 * The ranges that a cluster of this configuration has, pods, Services and nodes: what a machine outside of it can't have.
 * The nodes' network is known only once kind has made it. What can't be read is left out, and told by those who need it.
 */
export const clusterRanges = async (configFile: string): Promise<readonly ClusterRange[]> => {
  const config = parseDocument(await readFile(configFile, 'utf8').catch(() => ''));
  const subnets = (key: keyof typeof DEFAULTS): readonly string[] => {
    const written = config.getIn(['networking', key]);
    return (typeof written === 'string' && written !== '' ? written : DEFAULTS[key]).split(',');
  };
  return [
    ...rangesOf('its pods', subnets('podSubnet')),
    ...rangesOf('its Services', subnets('serviceSubnet')),
    ...rangesOf('its nodes', await nodeSubnets()),
  ];
};

const nodeSubnets = async (): Promise<readonly string[]> => {
  const format = '{{range .IPAM.Config}}{{println .Subnet}}{{end}}';
  const options = { reject: false, timeout: 20_000 } as const;
  const { stdout = '', failed } = await execa('docker', ['network', 'inspect', 'kind', '--format', format], options);
  return failed ? [] : stdout.split('\n');
};

const rangesOf = (what: string, texts: readonly string[]): readonly ClusterRange[] =>
  texts.flatMap((text) => {
    const range = parseRange(text.trim());
    return range ? { what, range } : [];
  });

/** The range that the address is in, if it is in one. */
export const rangeAround = (address: string, ranges: readonly ClusterRange[]): ClusterRange | undefined => {
  const parsed = parseAddress(address);
  return parsed ? ranges.find(({ range }) => contains(range, parsed)) : undefined;
};
