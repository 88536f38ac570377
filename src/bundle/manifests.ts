import { CONTAINER, podManifest, policyManifest } from '../deploy/index.ts';
import { PodreachError } from '../errors.ts';
import { type Pod, type Policy, podsOf, type Topology } from '../scenario/index.ts';
import { manifestYaml } from '../yaml-library.ts';

export { CONTAINER };

export interface Placed {
  readonly topology: Topology;
  readonly policies: readonly Policy[];
  /** The node of an endpoint, for those that matter. */
  readonly nodeOf: (endpoint: string) => string | undefined;
}

/** A name that a maintainer's cluster hardly has. */
export const bundledNamespace = (name: string): string => `repro-${name}`;

const MARKS = ['@NODE_1@', '@NODE_2@'];

/** The manifests by their paths. The script fills in the image and the nodes. */
export const bundleManifests = ({ topology, policies, nodeOf }: Placed): ReadonlyMap<string, string> => {
  requireWhole(topology);
  const own = new Set(topology.namespaces.map(({ name }) => name));
  const rename = (name: string): string => (own.has(name) ? bundledNamespace(name) : name);
  const namespaces = topology.namespaces.map(({ name, labels }) => {
    const metadata = { name: rename(name), labels };
    return [
      `manifests/namespaces/${rename(name)}.yaml`,
      manifestYaml({ apiVersion: 'v1', kind: 'Namespace', metadata }),
    ] as const;
  });
  const marks = new Map<string, string>();
  const markOf = ({ endpoint }: Pod): string | undefined => {
    const node = nodeOf(endpoint);
    if (node === undefined) return undefined;
    const mark = marks.get(node) ?? MARKS[marks.size];
    if (mark !== undefined) marks.set(node, mark);
    return mark;
  };
  const pods = podsOf(topology).map((pod) => {
    const manifest = podManifest(pod, { namespace: rename(pod.namespace), image: '@IMAGE@' });
    const node = markOf(pod);
    return manifestYaml(
      node === undefined ? manifest : { ...manifest, spec: { ...Object(manifest.spec), nodeName: node } },
    );
  });
  const rules = policies.map((policy) => manifestYaml(policyManifest(policy, rename)));
  return new Map([
    ...namespaces,
    ['manifests/pods.yaml', pods.join('---\n')],
    ...(rules.length > 0 ? [['manifests/policies.yaml', rules.join('---\n')] as const] : []),
  ]);
};

/** Throws a PodreachError for what kubectl alone can't bring about. */
export const requireWhole = ({ hosts, nodes, services }: Topology): void => {
  const [other] = [
    ...hosts,
    ...nodes,
    ...services.map(({ namespace, name }) => ({ endpoint: `the Service ${namespace}/${name}` })),
  ];
  if (other)
    throw new PodreachError(`a bundle holds pods alone, but the result needs ${other.endpoint}`, {
      hint: 'leave out --bundle',
    });
};
