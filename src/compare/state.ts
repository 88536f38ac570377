import { modelOf } from '../matrix/index.ts';
import { type Family, type Model, type NetworkPolicy, withPolicies } from '../model/index.ts';
import { endsOf, type Port, type ReadPolicy, type Topology } from '../scenario/index.ts';

/** One side of a comparison. */
export interface State {
  readonly topology: Topology;
  readonly policies: readonly ReadPolicy[];
}

/** A side in one family. */
export interface FamilyState {
  readonly topology: Topology;
  /** Its policies have the places of its own side. */
  readonly model: Model;
  /** The same, with policies that both sides have as the same objects. */
  readonly shared: Model;
  readonly portsOf: (end: string) => readonly Port[];
}

/** `other`: the other side in this family, whose ends are the same objects if its topology is. */
export const inFamily = (
  { topology, policies }: State,
  shared: readonly NetworkPolicy[],
  families: readonly Family[],
  family: Family,
  other?: FamilyState,
): FamilyState => {
  const same = other?.topology === topology ? other : undefined;
  const specs = policies.map(({ spec }) => spec);
  const model = same ? withPolicies(same.model, specs) : modelOf({ topology, policies, families }, family);
  return { topology, model, shared: withPolicies(model, shared), portsOf: same?.portsOf ?? portsIn(topology) };
};

const portsIn = (topology: Topology): FamilyState['portsOf'] => {
  const ports = new Map(endsOf(topology).map((end) => [end.endpoint, end.ports]));
  return (end) => ports.get(end) ?? [];
};
