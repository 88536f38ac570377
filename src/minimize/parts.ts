/** What can be taken away from a subject, level by level: first what takes the most with it. */
import { modelOf } from '../matrix/index.ts';
import { DIRECTIONS, type Direction, type Path } from '../model/index.ts';
import { portText } from '../scenario/index.ts';
import { itemsOf, keysOf, mappingAt, selectorParts } from './manifest-parts.ts';
import type { Subject, World } from './subject.ts';

/** Paths that go together. */
export interface Part {
  readonly paths: readonly Path[];
  /** Nothing suggests that the cell needs it, so it is tried with others of its kind. */
  readonly isUnlikely?: boolean;
}

export type Level = (subject: Subject, world: World) => readonly Part[];

const part = (path: Path, isUnlikely = false): Part => ({ paths: [path], isUnlikely });

/** A policy that isolates no end of the cell in its direction decides nothing about it. */
const policies: Level = ({ cell }, world) => {
  const model = modelOf(world, cell.family);
  const [from, to] = [model.endpoints.get(cell.from), model.endpoints.get(cell.to)];
  const deciding = from && to && new Set([...model.isolating(from, 'egress'), ...model.isolating(to, 'ingress')]);
  return world.policies.map(({ spec }, at) => part(['policies', at], deciding !== undefined && !deciding.has(spec)));
};

const TYPES: Readonly<Record<Direction, string>> = { ingress: 'Ingress', egress: 'Egress' };
const PEERS: Readonly<Record<Direction, string>> = { ingress: 'from', egress: 'to' };

const specsOf = ({ policies: all }: Subject) =>
  all.map(({ manifest }, at) => ({
    spec: mappingAt(manifest, 'spec'),
    path: ['policies', at, 'manifest', 'spec'] as Path,
  }));

/** A direction goes with its rules; the only one that is named stays, because none named is not none isolated. */
const directions: Level = (subject) =>
  specsOf(subject).flatMap(({ spec, path }) => {
    const types = itemsOf(spec.policyTypes);
    return DIRECTIONS.flatMap((direction): readonly Part[] => {
      const at = types.indexOf(TYPES[direction]);
      const rules: readonly Path[] = spec[direction] === undefined ? [] : [[...path, direction]];
      if (at < 0) return rules.length > 0 ? [{ paths: rules, isUnlikely: true }] : [];
      return types.length > 1 ? [{ paths: [[...path, 'policyTypes', at], ...rules] }] : [];
    });
  });

const rulesOf = (subject: Subject) =>
  specsOf(subject).flatMap(({ spec, path }) =>
    DIRECTIONS.flatMap((direction) =>
      itemsOf(spec[direction]).map((rule, at) => ({ rule, direction, path: [...path, direction, at] as Path })),
    ),
  );

const rules: Level = (subject) => rulesOf(subject).map(({ path }) => part(path));

const peersAndPorts: Level = (subject) =>
  rulesOf(subject).flatMap(({ rule, direction, path }) =>
    [PEERS[direction], 'ports'].flatMap((key) => itemsOf(Object(rule)[key]).map((_, at) => part([...path, key, at]))),
  );

/** Within selectors, blocks and ports. */
const conditions: Level = (subject) => [
  ...specsOf(subject).flatMap(({ spec, path }) =>
    selectorParts(spec.podSelector, [...path, 'podSelector']).map((own) => part(own)),
  ),
  ...rulesOf(subject).flatMap(({ rule, direction, path }) => [
    ...itemsOf(Object(rule)[PEERS[direction]]).flatMap((peer, at) => peerParts(peer, [...path, PEERS[direction], at])),
    ...itemsOf(Object(rule).ports).flatMap((port, at) =>
      ['port', 'endPort']
        .filter((key) => Object(port)[key] !== undefined)
        .map((key) => part([...path, 'ports', at, key])),
    ),
  ]),
];

const peerParts = (peer: unknown, path: Path): readonly Part[] => {
  const selectors = ['podSelector', 'namespaceSelector'].filter((key) => Object(peer)[key] !== undefined);
  return [
    ...(selectors.length > 1 ? selectors.map((key) => part([...path, key])) : []),
    ...selectors.flatMap((key) => selectorParts(Object(peer)[key], [...path, key]).map((own) => part(own))),
    ...itemsOf(mappingAt(peer, 'ipBlock').except).map((_, at) => part([...path, 'ipBlock', 'except', at])),
  ];
};

/** Labels of namespaces and pods, first those that nothing asks for. */
const labels: Level = ({ topology, policies: all }) => {
  const text = JSON.stringify([all.map(({ manifest }) => manifest.spec), topology.services]);
  const partsOf = (own: object, path: Path): readonly Part[] =>
    keysOf(own).map((key) => part([...path, 'labels', key], !text.includes(JSON.stringify(key))));
  return topology.namespaces.flatMap((namespace, at) => {
    const path = ['topology', 'namespaces', at];
    return [
      ...partsOf(namespace.labels, path),
      ...namespace.pods.flatMap((pod, index) => partsOf(pod.labels, [...path, 'pods', index])),
    ];
  });
};

/** Everything that is not an end of the cell. */
const bystanders: Level = ({ cell, topology }) => {
  const isEnd = ({ endpoint }: { readonly endpoint: string }): boolean =>
    endpoint === cell.from || endpoint === cell.to;
  const others = <One extends { readonly endpoint: string }>(list: readonly One[], path: Path): readonly Part[] =>
    list.flatMap((one, at) => (isEnd(one) ? [] : part([...path, at], true)));
  return [
    ...others(topology.nodes, ['topology', 'nodes']),
    ...others(topology.hosts, ['topology', 'hosts']),
    ...topology.services.map((_, at) => part(['topology', 'services', at])),
    ...topology.namespaces.flatMap(({ pods }, at) => others(pods, ['topology', 'namespaces', at, 'pods'])),
  ];
};

/** Ports that the cell does not ask for, and readiness probes. What a Service leads to stays. */
const servers: Level = ({ cell, topology }) =>
  topology.namespaces.flatMap(({ pods }, at) =>
    pods.flatMap((pod, index) => {
      const path = ['topology', 'namespaces', at, 'pods', index];
      const asked = portText({ number: cell.port, protocol: cell.protocol });
      return [
        ...pod.ports.flatMap((port, which) =>
          topology.services.length > 0 || (pod.endpoint === cell.to && portText(port) === asked)
            ? []
            : part([...path, 'ports', which], true),
        ),
        ...(pod.readiness === undefined ? [] : [part([...path, 'readiness'])]),
      ];
    }),
  );

const namespaces: Level = ({ topology, policies: all }) =>
  topology.namespaces.flatMap(({ name, pods }, at) => {
    const isUsed = pods.length > 0 || [...all, ...topology.services].some(({ namespace }) => namespace === name);
    return isUsed ? [] : part(['topology', 'namespaces', at], true);
  });

export const LEVELS: readonly Level[] = [
  ...[policies, directions, rules, peersAndPorts, conditions, labels, bystanders, servers, namespaces],
];
