/** The IP families of a cluster, from kind's configuration. */
import { isMap, parseDocument } from 'yaml';
import { PodreachError } from '../errors.ts';

/** In kind's notation. */
export type IpFamily = 'ipv4' | 'ipv6' | 'dual';

type Family = Exclude<IpFamily, 'dual'>;
type SubnetKey = 'podSubnet' | 'serviceSubnet';
type Change = readonly [key: SubnetKey | 'ipFamily', text: string];

/** A dual-stack cluster has IPv4 as its first family, as in kind. */
const familiesIn: Readonly<Record<IpFamily, readonly Family[]>> = {
  ipv4: ['ipv4'],
  ipv6: ['ipv6'],
  dual: ['ipv4', 'ipv6'],
};

/** kind's defaults (kind.sigs.k8s.io/docs/user/configuration/#networking). */
const kindsOwn: Readonly<Record<SubnetKey, Readonly<Record<Family, string>>>> = {
  podSubnet: { ipv4: '10.244.0.0/16', ipv6: 'fd00:10:244::/56' },
  serviceSubnet: { ipv4: '10.96.0.0/16', ipv6: 'fd00:10:96::/112' },
};

/** The subnets added to a configuration that lacks a family: for pods the range in which scenarios pin addresses. */
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

/** The family of a cluster, from the text of its configuration. Unreadable parts count as absent: kind refuses them. */
export const familyOf = (config: string): IpFamily => familyIn(parseDocument(config));

/** The subnets of a cluster's pods or Services, including those that kind chooses: `['10.96.0.0/16']`. */
export const subnetsOf = (config: string, key: SubnetKey): readonly string[] => {
  const document = parseDocument(config);
  return written(document, key) ?? familiesIn[familyIn(document)].map((family) => kindsOwn[key][family]);
};

/** Anything without a colon counts as IPv4; kind reports what is not a subnet. */
const isOf = (family: Family, subnet: string): boolean => subnet.includes(':') === (family === 'ipv6');

const fitted = (subnets: readonly string[], key: SubnetKey, wanted: IpFamily): string =>
  familiesIn[wanted]
    .flatMap((family) => {
      const own = subnets.filter((subnet) => isOf(family, subnet));
      return own.length > 0 ? own : [added[key][family]];
    })
    .join(',');

/**
 * The text of a kind configuration, changed to a family: subnets of the family stay, a missing one is added, others go;
 * if there are none, kind chooses. Comments stay, and text that already fits is returned unchanged. Throws a
 * PodreachError for text that is not such a configuration.
 */
export const withFamily = (config: string, wanted: IpFamily): string => {
  const document = parseDocument(config);
  const networking = isMap(document.contents) ? document.get('networking') : undefined;
  if (document.errors.length > 0 || !isMap(document.contents) || (networking !== undefined && !isMap(networking)))
    throw new PodreachError(
      `the cluster's configuration can't be changed to ${wanted}: it is not a kind configuration`,
      {
        hint: 'see https://kind.sigs.k8s.io/docs/user/configuration/',
      },
    );
  const changes = (['podSubnet', 'serviceSubnet'] as const).flatMap((key): Change[] => {
    const subnets = written(document, key);
    return subnets ? [[key, fitted(subnets, key, wanted)]] : [];
  });
  if (familyIn(document) !== wanted) changes.push(['ipFamily', wanted]);
  const due = changes.filter(([key, text]) => document.getIn(['networking', key]) !== text);
  if (due.length === 0) return config;
  // Nothing can be added to an empty `networking:`.
  if (networking === undefined) document.delete('networking');
  for (const [key, text] of due) document.setIn(['networking', key], text);
  return document.toString({ lineWidth: 0 });
};
