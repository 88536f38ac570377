import { type Policy, type Protocol, podsOf, type Topology } from '../../../src/scenario/index.ts';
import { familyOf } from '../../naive/cidr.ts';
import { decideNaively } from '../../naive/decide.ts';
import type { RawPolicy, RawSpec } from '../../naive/manifest.ts';
import type { Asked } from '../probe/fake-targets.ts';

const PROTOCOLS: Readonly<Record<string, Protocol>> = { nc: 'TCP', wget: 'TCP', udp: 'UDP', sctp: 'SCTP' };

/** Whether policies let a pod reach what it asks. */
export type FakeCni = (policies: readonly Policy[], from: string, asked: Asked) => boolean;

/** A CNI that enforces what policies say as they are sent. It asks the naive procedure, which shares no code with the model. */
export const fakeCni = (topology: Topology, addressesOf: ReadonlyMap<string, readonly string[]>): FakeCni => {
  const worldOf = (family: 'IPv4' | 'IPv6') => ({
    families: [family],
    namespaces: topology.namespaces.map(({ name, labels }) => ({ name, labels })),
    pods: podsOf(topology).map(({ namespace, name, labels, ports, endpoint }) => {
      const addresses = (addressesOf.get(endpoint) ?? []).filter((address) => familyOf(address) === family);
      return { namespace, name, labels, ports, addresses };
    }),
  });
  const worlds = { IPv4: worldOf('IPv4'), IPv6: worldOf('IPv6') };
  return (policies, from, { host, port, tool }) => {
    const [to] = [...addressesOf].find(([, addresses]) => addresses.includes(host)) ?? [];
    const protocol = PROTOCOLS[tool];
    if (to === undefined || protocol === undefined) throw new RangeError(`the fake CNI knows no ${tool} to ${host}`);
    const verdict = decideNaively(policies.map(sent), worlds[familyOf(host)], { from, to, port, protocol });
    if (verdict === 'unknown') throw new RangeError(`nobody knows what the policies say of ${from} > ${to}`);
    return verdict === 'allow';
  };
};

/** As the API server gets it: in the namespace that podreach sends it to. */
const sent = ({ name, namespace, manifest }: Policy): RawPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec: manifest.spec as RawSpec,
});
