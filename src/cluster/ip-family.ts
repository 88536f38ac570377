/** The families of addresses of a cluster, as kind's configuration has them. */
import { isMap, parseDocument } from 'yaml';
import { PodreachError } from '../errors.ts';

/** In kind's words. */
export type IpFamily = 'ipv4' | 'ipv6' | 'dual';

type Family = Exclude<IpFamily, 'dual'>;
type SubnetKey = 'podSubnet' | 'serviceSubnet';
type Change = readonly [key: SubnetKey | 'ipFamily', text: string];

/** A dual cluster counts IPv4 as its first family, as kind does by itself. */
const familiesIn: Readonly<Record<IpFamily, readonly Family[]>> = {
  ipv4: ['ipv4'],
  ipv6: ['ipv6'],
  dual: ['ipv4', 'ipv6'],
};

/** What kind takes where its configuration says nothing (kind.sigs.k8s.io/docs/user/configuration/#networking). */
const kindsOwn: Readonly<Record<SubnetKey, Readonly<Record<Family, string>>>> = {
  podSubnet: { ipv4: '10.244.0.0/16', ipv6: 'fd00:10:244::/56' },
  serviceSubnet: { ipv4: '10.96.0.0/16', ipv6: 'fd00:10:96::/112' },
};

/** What joins the subnets of a configuration that lacks a family: for pods the range that scenarios pin addresses in. */
const added: typeof kindsOwn = { ...kindsOwn, podSubnet: { ...kindsOwn.podSubnet, ipv4: '192.168.0.0/16' } };

const split = (subnets: string): readonly string[] => subnets.split(',').map((subnet) => subnet.trim());

const written = (document: ReturnType<typeof parseDocument>, key: SubnetKey): readonly string[] | null => {
  const subnets = document.getIn(['networking', key]);
  return typeof subnets === 'string' && subnets !== '' ? split(subnets) : null;
};

const familyIn = (document: ReturnType<typeof parseDocument>): IpFamily => {
  const family = document.getIn(['networking', 'ipFamily']);
  return family === 'ipv6' || family === 'dual' ? family : 'ipv4';
};

/** The family of a cluster by the text of its configuration. What can't be read counts as not said: kind refuses it. */
export const familyOf = (config: string): IpFamily => familyIn(parseDocument(config));

/** The subnets that a cluster has for its pods or its Services, those that kind chooses included: `['10.96.0.0/16']`. */
export const subnetsOf = (config: string, key: SubnetKey): readonly string[] => {
  const document = parseDocument(config);
  return written(document, key) ?? familiesIn[familyIn(document)].map((family) => kindsOwn[key][family]);
};

/** Whatever has no colon counts as IPv4: of what is no subnet at all, kind tells. */
const isOf = (family: Family, subnet: string): boolean => subnet.includes(':') === (family === 'ipv6');

const fitted = (subnets: readonly string[], key: SubnetKey, wanted: IpFamily): string =>
  familiesIn[wanted]
    .flatMap((family) => {
      const own = subnets.filter((subnet) => isOf(family, subnet));
      return own.length > 0 ? own : [added[key][family]];
    })
    .join(',');

/**
 * The text of a configuration of kind, changed to a family: subnets of the family stay, one that is lacking is added,
 * others go; where there are none kind chooses. Comments stay, and text that fits already is returned as it is. Throws a
 * PodreachError for text that is no such configuration.
 */
export const withFamily = (config: string, wanted: IpFamily): string => {
  const document = parseDocument(config);
  const networking = isMap(document.contents) ? document.get('networking') : undefined;
  if (document.errors.length > 0 || !isMap(document.contents) || (networking !== undefined && !isMap(networking)))
    throw new PodreachError(`the cluster's configuration can't be changed to ${wanted}: it is not one of kind`, {
      hint: 'https://kind.sigs.k8s.io/docs/user/configuration/ shows its form',
    });
  const changes = (['podSubnet', 'serviceSubnet'] as const).flatMap((key): Change[] => {
    const subnets = written(document, key);
    return subnets ? [[key, fitted(subnets, key, wanted)]] : [];
  });
  if (familyIn(document) !== wanted) changes.push(['ipFamily', wanted]);
  const due = changes.filter(([key, text]) => document.getIn(['networking', key]) !== text);
  if (due.length === 0) return config;
  // `networking:` with nothing behind it is nothing that could be added to.
  if (networking === undefined) document.delete('networking');
  for (const [key, text] of due) document.setIn(['networking', key], text);
  return document.toString({ lineWidth: 0 });
};
