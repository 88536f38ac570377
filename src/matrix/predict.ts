import { compile, type Decision, decide, type Model, type World, type WorldPod } from '../model/index.ts';
import { type Pod, type Probe, podsOf, probesOf, type ReadPolicy, type Topology } from '../scenario/index.ts';

/** The IP addresses of pods, by endpoint (`prod/web`). */
export type Addresses = ReadonlyMap<string, readonly string[]>;

/** What the model says of one cell. */
export interface Prediction extends Probe {
  readonly decision: Decision;
}

/**
 * A topology as the model is told of it. A pod's address is the one in `addresses`, else the one that it is pinned to;
 * without either it is unknown to the model.
 */
export const worldOf = (topology: Topology, addresses: Addresses = new Map()): World => ({
  namespaces: topology.namespaces.map(({ name, labels }) => ({ name, labels })),
  pods: podsOf(topology).map((pod) => worldPod(pod, addresses)),
  hosts: topology.hosts.map(({ name, address }) => ({ name, addresses: [address] })),
});

/** The policies, ready to decide about a topology; `addresses` as `worldOf` takes them. */
export const modelOf = (topology: Topology, policies: readonly ReadPolicy[], addresses?: Addresses): Model =>
  compile(
    worldOf(topology, addresses),
    policies.map(({ spec }) => spec),
  );

const worldPod = ({ endpoint, namespace, name, labels, ports, address }: Pod, known: Addresses): WorldPod => {
  const addresses = known.get(endpoint) ?? (address === undefined ? [] : [address]);
  return { namespace, name, labels, ports, addresses };
};

/** What a model of the topology says of every probe, in their order, row by row. */
export const predict = (topology: Topology, model: Model): readonly Prediction[] =>
  probesOf(topology).map((probe) => ({ ...probe, decision: decide(model, probe) }));
