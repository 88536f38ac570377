import type { Copy, Deployment, PodEndpoint } from '../deploy/index.ts';
import { isHost, isService } from '../deploy/index.ts';
import { type Prediction, predict, type Situation } from '../matrix/index.ts';
import { type Pod, type Probe, probeKey } from '../scenario/index.ts';

/** A copy that runs. */
export interface Placed {
  readonly copy: Copy;
  readonly endpoint: PodEndpoint;
}

/** The model's view of a cell that has the name of a copy's pod. */
export type Decide = (copy: Copy, probe: Probe) => Prediction['decision'];

/** What the model says with these copies as well, at the addresses that they got; `unknown` also where nothing is specified. */
export const deciderWith = (
  situation: Situation,
  placed: readonly Placed[],
  endpoints: Deployment['endpoints'],
): Decide => {
  const decided = new Map(
    predict(withCopies(situation, placed, endpoints)).map((one) => [
      probeKey(one),
      one.leftOpen ? 'unknown' : one.decision,
    ]),
  );
  return ({ pod, name }, probe) => {
    const own = `${pod.namespace}/${name}`;
    const named = (end: string): string => (end === pod.endpoint ? own : end);
    return decided.get(probeKey({ ...probe, from: named(probe.from), to: named(probe.to) })) ?? 'unknown';
  };
};

const withCopies = (situation: Situation, placed: readonly Placed[], endpoints: Deployment['endpoints']): Situation => {
  const { topology, addresses = new Map(), residents = new Map() } = situation;
  const nodeOf = (name: string): string | undefined => {
    const one = endpoints.get(name);
    return one && !isHost(one) && !isService(one) ? one.node : undefined;
  };
  const namesOn = (node: string | undefined) =>
    placed.flatMap(({ endpoint }) => (endpoint.node === node ? endpoint.endpoint : []));
  return {
    ...situation,
    topology: {
      ...topology,
      namespaces: topology.namespaces.map((one) => ({
        ...one,
        pods: [...one.pods, ...placed.flatMap(({ copy }) => (copy.pod.namespace === one.name ? copyOf(copy) : []))],
      })),
    },
    addresses: new Map([
      ...addresses,
      ...placed.map(({ endpoint }) => [endpoint.endpoint, endpoint.addresses] as const),
    ]),
    residents: new Map([...residents].map(([node, pods]) => [node, new Set([...pods, ...namesOn(nodeOf(node))])])),
  };
};

const copyOf = ({ pod: { namespace, labels, ports }, name }: Copy): Pod => ({
  ...{ endpoint: `${namespace}/${name}`, namespace, name, labels, ports },
});
