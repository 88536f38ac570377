import type { Prediction } from '../matrix/index.ts';
import { bareProbe, type End, endsOf, type Probe, type ServiceWay, sourcesOf } from '../scenario/index.ts';
import type { Backends } from './backends.ts';
import { lastingLabels } from './labels.ts';
import type { Outcome } from './outcome.ts';
import type { Parties } from './parties.ts';
import { entryKey, isOpen } from './table.ts';
import type { Wanted, WantedCell } from './wanted.ts';

/** Why no policies do what is wanted of a cell. */
export type Unmet = Outcome & {
  readonly why: /** Labels don't tell it from this cell, of which the opposite is wanted; only `passing` ones of these pods do. */
    | { readonly kind: 'alike'; readonly other: Probe; readonly passing: readonly string[] }
    /** The other IP family is wanted otherwise, and selectors don't tell them apart. */
    | { readonly kind: 'family' }
    /** Policies see the pods behind a Service, of which something else is wanted in this cell. */
    | { readonly kind: 'backend'; readonly cell: Probe }
    | { readonly kind: 'no-backend' | 'lookup' | 'itself' | 'kubelet' | 'own-node' | 'node' | 'node-between' }
    | { readonly kind: 'host-network'; readonly endpoint: string }
    /** Only the other direction may be closed. */
    | { readonly kind: 'direction' }
    | { readonly kind: 'address' };
};

export const createWhy = (
  wanted: Wanted,
  { partyOf, table }: Parties,
  backends: Backends,
): ((outcome: Outcome) => Unmet['why']) => {
  const ends = new Map<string, End>(
    [...endsOf(wanted.topology), ...sourcesOf(wanted.topology)].map((end) => [end.endpoint, end]),
  );
  const keyOf = ({ from, to, port: number, protocol, family }: Probe): string =>
    entryKey(partyOf(from, family), partyOf(to, family), { number, protocol });
  let byEntry: ReadonlyMap<string, readonly WantedCell[]> | undefined;
  const opposite = (cell: WantedCell): WantedCell | undefined => {
    byEntry ??= Map.groupBy(wanted.cells, keyOf);
    const others = byEntry.get(keyOf(cell))?.filter((other) => isOpposite(cell, other)) ?? [];
    return others.find(({ from, to }) => from === cell.from || to === cell.to) ?? others[0];
  };
  const whyOfService = (cell: WantedCell, to: ServiceWay): Unmet['why'] => {
    const behind = backends(to.service, cell);
    if (behind.length === 0) return { kind: 'no-backend' };
    if (behind.some(({ name }) => name === cell.from)) return { kind: 'itself' };
    const odd = behind
      .map(({ name, port }): Probe => ({ ...bareProbe(cell), to: name, port }))
      .find((own) => (cell.expectation === 'allow') !== isOpenAt(own));
    if (odd) return { kind: 'backend', cell: odd };
    return { kind: to.way === 'dns' ? 'lookup' : 'node-between' };
  };
  const isOpenAt = (probe: Probe): boolean => {
    const entry = table.get(keyOf(probe));
    return entry !== undefined && isOpen(entry);
  };
  const whyOfPods = (cell: WantedCell, prediction: Prediction): Unmet['why'] => {
    const other = opposite(cell);
    if (!other) return { kind: prediction.decision === 'unknown' ? 'address' : 'direction' };
    if (other.from === cell.from && other.to === cell.to) return { kind: 'family' };
    return { kind: 'alike', other: bareProbe(other), passing: passingLabels(cell, other, ends) };
  };
  return ({ cell, prediction }) => {
    const [from, to] = [ends.get(cell.from), ends.get(cell.to)];
    if (from?.kind === 'kubelet') return { kind: 'kubelet' };
    if ([from, to].some((end) => end?.kind === 'node'))
      return { kind: prediction.decision === 'allow' ? 'own-node' : 'node' };
    const onNode = [from, to].find((end) => end?.kind === 'pod' && end.hostNetwork);
    if (onNode) return { kind: 'host-network', endpoint: onNode.endpoint };
    return to?.kind === 'service' ? whyOfService(cell, to) : whyOfPods(cell, prediction);
  };
};

const isOpposite = (cell: WantedCell, other: WantedCell): boolean =>
  other.expectation !== null && (other.expectation === 'allow') !== (cell.expectation === 'allow');

/** The keys of labels that do tell the ends of two cells apart, but don't last. */
const passingLabels = (one: Probe, other: Probe, ends: ReadonlyMap<string, End>): readonly string[] => {
  const keysOf = (name: string, twin: string): readonly string[] => {
    const [end, beside] = [ends.get(name), ends.get(twin)];
    if (end?.kind !== 'pod' || beside?.kind !== 'pod') return [];
    const lasting = lastingLabels(end.labels);
    return Object.keys(end.labels).filter(
      (key) => !Object.hasOwn(lasting, key) && end.labels[key] !== beside.labels[key],
    );
  };
  return [...new Set([...keysOf(one.from, other.from), ...keysOf(one.to, other.to)])];
};
