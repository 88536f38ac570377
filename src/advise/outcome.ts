import { type Addresses, type Prediction, predictEach } from '../matrix/index.ts';
import { addressKey, familyOf, podsOf, probeKey, type Topology } from '../scenario/index.ts';
import { type AdvisedPolicy, readAdvised } from './policies.ts';
import type { Wanted, WantedCell } from './wanted.ts';

/** A cell under the advised policies, by what the model predicts. */
export interface Outcome {
  readonly cell: WantedCell;
  readonly prediction: Prediction;
}

/** Every cell of the matrix under the advised policies. */
export const outcomesOf = (wanted: Wanted, policies: readonly AdvisedPolicy[]): readonly Outcome[] => {
  const { topology, families, cells } = wanted;
  const situation = { topology, families, policies: readAdvised(policies), addresses: assumedAddresses(topology) };
  const predictions = new Map(predictEach(situation).map((one) => [probeKey(one), one]));
  return cells.flatMap((cell): readonly Outcome[] => {
    const prediction = predictions.get(probeKey(cell));
    return prediction ? [{ cell, prediction }] : [];
  });
};

export const isMet = ({ cell: { expectation }, prediction: { decision } }: Outcome): boolean =>
  expectation === null || decision === (expectation === 'allow' ? 'allow' : 'deny');

/**
 * Whether a cell gets through, or may, that is not to be allowed: it is to be blocked, or nothing is known of it. What was
 * undefined may stay so.
 */
export const isExposed = ({ cell: { expectation, doubt }, prediction: { decision } }: Outcome): boolean => {
  if (decision === 'deny' || expectation === 'allow') return false;
  return expectation !== null || (doubt !== undefined && (doubt !== 'undefined' || decision === 'allow'));
};

/**
 * An address for each pod that has none, in ranges that are kept for tests (RFC 2544, RFC 3849). Advised policies have no
 * blocks but those of single hosts outside the cluster, and no pod has the address of one of these. Those of the topology
 * are left out.
 */
const assumedAddresses = (topology: Topology): Addresses => {
  const pods = podsOf(topology);
  const taken = new Set([...pods, ...topology.hosts].flatMap(({ addresses = [] }) => addresses.map(addressKey)));
  const free = {
    IPv4: unusedAddresses((number) => `198.18.${number >> 8}.${number & 255}`, taken),
    IPv6: unusedAddresses((number) => `2001:db8::${number.toString(16)}`, taken),
  };
  const all = [...pods, ...topology.nodes.map(({ endpoint }) => ({ endpoint, addresses: [] }))];
  return new Map(
    all.map(({ endpoint, addresses = [] }) => {
      const missing = (['IPv4', 'IPv6'] as const).filter(
        (family) => !addresses.some((one) => familyOf(one) === family),
      );
      return [endpoint, [...addresses, ...missing.flatMap((family) => free[family].next().value ?? [])]] as const;
    }),
  );
};

const MANY = 65_000;

function* unusedAddresses(addressAt: (number: number) => string, taken: ReadonlySet<string>): Generator<string> {
  for (let number = 1; number < MANY; number += 1) {
    const address = addressAt(number);
    if (!taken.has(addressKey(address))) yield address;
  }
}
