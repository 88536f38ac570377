/** The address ranges of Services. */
import { type AddressRange, contains, parseRange } from './address.ts';
import type { Endpoint } from './endpoint.ts';
import type { World } from './world.ts';

const rangesOf = (texts: readonly string[]): readonly AddressRange[] =>
  texts.map((text) => {
    const range = parseRange(text);
    if (!range) throw new RangeError(`this world has no range ${JSON.stringify(text)} for Services`);
    return range;
  });

/** kind's own (sigs.k8s.io/kind/pkg/internal/apis/config/default.go); kubeadm's 10.96.0.0/12 contains the first. */
const DEFAULTS = rangesOf(['10.96.0.0/16', 'fd00:10:96::/112']);

/**
 * Where Services are likely to be, for a warning: kubeadm's range (kubernetes/cmd/kubeadm/app/apis/kubeadm) and kind's.
 */
export const LIKELY_SERVICE_RANGES = rangesOf(['10.96.0.0/12', 'fd00:10:96::/112']);

/**
 * The ranges of a world, or the default ranges that contain no address of its pods, hosts and nodes. Throws a
 * RangeError for a string that is not a CIDR.
 */
export const serviceRangesOf = (
  { serviceRanges }: Pick<World, 'serviceRanges'>,
  endpoints: readonly Pick<Endpoint, 'addresses'>[],
): readonly AddressRange[] => {
  if (serviceRanges) return rangesOf(serviceRanges);
  return DEFAULTS.filter((range) => !endpoints.some(({ addresses }) => addresses?.some((one) => contains(range, one))));
};
