/** Cells with an end that the classes of the model do not contain: Services, nodes, the kubelet. */
import { type Decision, decide, type Endpoint, hasLabels, type PairedClass, type Probe } from '../model/index.ts';
import { backendNamespace, type End, endsOf, isProbed, podsOf, sourcesOf, type Topology } from '../scenario/index.ts';
import type { RawCells } from './raw-cells.ts';
import type { FamilyState } from './state.ts';

/** Calls back with each group of cells; ends that are treated alike are compared once. */
export const compareOtherCells = (
  before: FamilyState,
  after: FamilyState,
  pairs: readonly PairedClass[],
  isFirstFamily: boolean,
  found: (cells: RawCells) => void,
): void => {
  if (![before, after].some(({ topology }) => hasOthers(topology))) return;
  const sides = [sideOf(before), sideOf(after)] as const;
  const others = new Map(sides.flatMap(({ ends }) => [...ends].filter(([, end]) => !isInModel(end))));
  for (const to of others.values()) {
    const crowds = [...pairs.flatMap(({ names }) => split(names, to, sides)), ...otherSources(sides)];
    for (const from of crowds) compareOne(from, to.endpoint, sides, isFirstFamily, found);
  }
  for (const from of otherSources(sides))
    for (const { names } of pairs) for (const to of names) compareOne(from, to, sides, isFirstFamily, found);
};

/** Whether there is any end but pods and hosts. */
const hasOthers = (topology: Topology): boolean =>
  topology.nodes.length + topology.services.length > 0 ||
  podsOf(topology).some(({ readiness }) => readiness !== undefined);

type Sides = readonly [Side, Side];

interface Side {
  readonly state: FamilyState;
  readonly ends: ReadonlyMap<string, End>;
  readonly sources: ReadonlyMap<string, End>;
}

const sideOf = (state: FamilyState): Side => ({
  state,
  ends: new Map(endsOf(state.topology).map((end) => [end.endpoint, end])),
  sources: new Map(sourcesOf(state.topology).map((end) => [end.endpoint, end])),
});

const isInModel = ({ kind }: End): boolean => kind === 'pod' || kind === 'host';

const otherSources = (sides: Sides): readonly (readonly string[])[] => {
  const names = sides.flatMap(({ sources }) => [...sources].flatMap(([name, end]) => (isInModel(end) ? [] : name)));
  return [...new Set(names)].map((name) => [name]);
};

/** Apart from the others of its class is a pod that is behind the Service, or of which it is known where it runs. */
const split = (names: readonly string[], to: End, [before, after]: Sides): readonly (readonly string[])[] => {
  const key = (name: string, { ends, state }: Side): string => {
    const own = ends.get(name);
    const target = ends.get(to.endpoint);
    if (own?.kind !== 'pod' || !target) return '';
    if (target.kind === 'node') return state.model.nodes.get(target.endpoint)?.runs?.has(name) ? name : '';
    if (target.kind !== 'service') return '';
    const { service } = target;
    return own.namespace === backendNamespace(service) && hasLabels(own.labels, service.selector) ? 'behind' : '';
  };
  return [...Map.groupBy(names, (name) => `${key(name, before)} ${key(name, after)}`).values()];
};

const compareOne = (
  from: readonly string[],
  to: string,
  sides: Sides,
  isFirstFamily: boolean,
  found: (cells: RawCells) => void,
): void => {
  const [name = ''] = from;
  const ports = new Map(
    sides.flatMap(({ ends }) => (ends.get(to)?.ports ?? []).map((port) => [`${port.number}/${port.protocol}`, port])),
  );
  for (const { number, protocol } of ports.values()) {
    const probe: Probe = { from: name, to, port: number, protocol };
    const [before, after] = sides.map((side) => decisionIn(side, probe, isFirstFamily));
    if (before === null && after === null) continue;
    const untouched = before === after && before === 'unknown' && sameRules(sides, probe);
    found({ from, to: [to], port: { number, protocol }, before: before ?? null, after: after ?? null, untouched });
  }
};

const decisionIn = ({ state, ends, sources }: Side, probe: Probe, isFirstFamily: boolean): Decision | null => {
  const [from, to] = [sources.get(probe.from), ends.get(probe.to)];
  const port = to?.ports.find(({ number, protocol }) => number === probe.port && protocol === probe.protocol);
  if (!from || !to || !port || !isProbed(from, to, port)) return null;
  const { endpoints } = state.shared;
  // A host without an address of the family is not in its model, and the kubelet probes one address only.
  if ([from, to].some(({ kind, endpoint }) => kind === 'host' && !endpoints.has(endpoint))) return null;
  return from.kind === 'kubelet' && !isFirstFamily ? null : decide(state.shared, probe);
};

/** Whether everything that may isolate an end of the probe is the same on both sides. */
const sameRules = ([before, after]: Sides, { from, to }: Probe): boolean => {
  const rulesOf = ({ state, ends }: Side): readonly unknown[] => {
    const source = state.shared.endpoints.get(from);
    const target = ends.get(to);
    const backends =
      target?.kind === 'service'
        ? [...state.shared.endpoints.values()].filter((one) => isBehind(one, target))
        : [state.shared.endpoints.get(to)].filter((one) => one !== undefined);
    const isByName = target?.kind === 'service' && target.way === 'dns';
    return [
      ...(isByName ? state.shared.dns.servers.map(labelsOf) : []),
      ...(source ? [...state.shared.isolating(source, 'egress'), labelsOf(source)] : []),
      ...backends.flatMap((one) => [one.name, labelsOf(one), ...state.shared.isolating(one, 'ingress')]),
    ];
  };
  const [was, is] = [rulesOf(before), rulesOf(after)];
  return was.length === is.length && was.every((one, at) => one === is[at]);
};

const isBehind = ({ namespace, labels }: Endpoint, { service }: Extract<End, { kind: 'service' }>): boolean =>
  namespace?.name === backendNamespace(service) && hasLabels(labels, service.selector);

const labelsOf = ({ labels, namespace }: Endpoint): string => JSON.stringify([labels, namespace?.labels]);
