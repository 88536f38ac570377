import { topologyOf } from '../attach/index.ts';
import { modelOf, type Situation, worldOf } from '../matrix/index.ts';
import type { Model, NetworkPolicy, World } from '../model/index.ts';
import type { Host, ReadPolicy, Service } from '../scenario/index.ts';
import { type Facts, isKnown, type ServiceFact } from './facts.ts';

/** The facts as the model takes them. */
export interface Modelled {
  readonly model: Model;
  readonly world: World;
  readonly policies: readonly NetworkPolicy[];
  readonly manifests: ReadonlyMap<NetworkPolicy, ReadPolicy>;
}

/** Null if the policies are not known. */
export const modelled = (facts: Facts): Modelled | null => {
  if (!isKnown(facts.policies)) return null;
  const { policies: own, labels } = facts.policies.value;
  const read = [...own, ...(isKnown(facts.elsewhere) ? facts.elsewhere.value : [])];
  const topology = topologyOf(facts.pods, labels);
  const situation: Situation = {
    topology: { ...topology, services: servicesOf(facts), hosts: hostsOf(facts) },
    policies: read,
    families: [facts.family],
    addresses: new Map(facts.pods.map(({ endpoint, addresses }) => [endpoint, addresses])),
    ...(facts.dns && { dns: facts.dns }),
  };
  return {
    model: modelOf(situation),
    world: worldOf(situation),
    policies: read.map(({ spec }) => spec),
    manifests: new Map(read.map((policy) => [policy.spec, policy])),
  };
};

const servicesOf = ({ target }: Facts): readonly Service[] =>
  target.kind === 'service' ? [serviceOf(target.service)] : [];

const serviceOf = ({ namespace, name, selector, ports, addresses }: ServiceFact): Service => ({
  ...{ namespace, name, selector, ports },
  headless: addresses.length === 0,
  nodePort: null,
  byName: true,
});

const hostsOf = ({ target }: Facts): readonly Host[] =>
  target.kind === 'host'
    ? [{ endpoint: target.endpoint, name: target.address, addresses: [target.address], ports: [] }]
    : [];
