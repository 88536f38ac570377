/** NetworkPolicies that the API server takes or refuses: the unit tests ask the model, the live ones the API server. */

import { METADATA } from './metadata.ts';
import { block, named, policy, top } from './parts.ts';
import { PEERS } from './peers.ts';
import { SPEC } from './spec.ts';

export interface PolicyCase {
  /** The part of a manifest that it is about. */
  readonly about: string;
  /** That and what stands there. */
  readonly name: string;
  /** In namespace `default`, called `case`, where it is not about the name. */
  readonly manifest: unknown;
  /** Whether a strict server-side apply of it succeeds. */
  readonly valid: boolean;
}

const fragmentText = (fragment: unknown): string => (JSON.stringify(fragment) ?? 'nothing').slice(0, 100);

export const policyCases: readonly PolicyCase[] = Object.entries({ ...METADATA, ...SPEC, ...PEERS }).flatMap(
  ([about, [wrap, taken, refused]]) => {
    const caseOf = (part: unknown, valid: boolean): PolicyCase => ({
      about,
      name: `${about} ${fragmentText(part)}`,
      manifest: wrap(part),
      valid,
    });
    return [...taken.map((part) => caseOf(part, true)), ...refused.map((part) => caseOf(part, false))];
  },
);

/**
 * Ranges that Kubernetes takes with a warning, and no longer once StrictIPCIDRValidation is on, as it is from 1.36
 * (https://github.com/kubernetes/enhancements/issues/4858).
 */
const doubtful = (ranges: readonly string[]): readonly PolicyCase[] =>
  ranges.map((cidr) => ({ about: 'ipBlock', name: `ipBlock ${cidr}`, manifest: block({ cidr }), valid: true }));

/** The model refuses those that programs read differently: as octal, as a typing error, as IPv4 or as IPv6. */
export const ambiguousRanges: readonly PolicyCase[] = doubtful([
  ...['010.0.0.0/8', '10.0.0.00/8', '10.0.0.0/08', '::010.0.0.1/128', 'fd00:00000::/8'],
  ...['::ffff:10.0.0.0/104', '::ffff:a00:0/104', '::ffff:10.0.0.0/90'],
]);

/** Bits behind the prefix: the model cuts them off, as the API server does to compare ranges. */
export const unmaskedRanges: readonly PolicyCase[] = doubtful(['10.0.0.1/8', '192.168.1.5/24', 'fd00::1/8']);

/** What a cluster writes into the policies that are exported from it: the API server refuses it, podreach leaves it out. */
export const exportedCases: readonly PolicyCase[] = [
  top({ status: {} }),
  named({ managedFields: [{ manager: 'x', operation: 'Update', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': {} } }] }),
  named({ uid: 'ae8f840d-9ec6-4c7c-ad64-968a5a6d8306' }),
  named({ managedFields: [] }),
].map((manifest) => ({ about: 'exported', name: `exported ${JSON.stringify(manifest)}`, manifest, valid: false }));

/** What is not JSON's mapping is no manifest. */
export const noManifests: readonly unknown[] = [null, undefined, 'x', 1, true, [], [policy({})]];
