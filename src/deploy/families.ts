import { PodreachError } from '../errors.ts';
import { type Family, familyOf } from '../scenario/index.ts';

const ALL: readonly Family[] = ['IPv4', 'IPv6'];

/** The IP families in which all of these ends have an address, IPv4 first. */
export const commonFamilies = (ends: readonly { readonly addresses: readonly string[] }[]): readonly Family[] =>
  ALL.filter((family) => ends.every(({ addresses }) => addresses.some((one) => familyOf(one) === family)));

/** Throws a PodreachError if a scenario names an IP family that the cluster does not have. */
export const requireFamilies = (families: readonly Family[], named: ReadonlySet<Family>): void => {
  const missing = [...named].filter((family) => !families.includes(family));
  if (missing.length === 0) return;
  throw new PodreachError(`the scenario mentions ${missing.join(' and ')}, which this cluster does not have`, {
    hint: 'run it with `--ip-family dual`',
  });
};
