import { type Endpoint, questionOf } from '../deploy/index.ts';
import { type Prediction, predict, type Situation } from '../matrix/index.ts';
import type { Target } from '../record/index.ts';
import { bareProbe, type Pod, type Probe, podsOf } from '../scenario/index.ts';
import { placeOf } from './watch-list.ts';

/** A cell that a pod's own recorder tries from its first moment. */
export interface Outgoing {
  readonly probe: Probe;
  readonly target: Target;
  readonly peerNode: string;
}

/** The cells from one end to the pod. */
export interface Incoming {
  readonly from: string;
  readonly node: string;
  readonly probes: readonly Probe[];
}

/** What is recorded of each start of a pod. */
export interface StartList {
  readonly pod: Pod;
  readonly outgoing: readonly Outgoing[];
  /** By what policies do to them; one of each kind is tried at each start, another one the next time. */
  readonly incoming: readonly (readonly Incoming[])[];
  /** The ports on which its own server answers. */
  readonly ownPorts: readonly number[];
}

/** Of those that are allowed, and of those that are denied. */
const OUTGOING_AT_MOST = 6;
/** Each takes an exec for each start. */
const KINDS_AT_MOST = 2;
const PORTS_AT_MOST = 3;

/**
 * The cells of a pod of the topology that tell how it starts: some from it that policies allow, some that they deny, and
 * those to it from others. null if there are none.
 */
export const startListOf = (
  name: string,
  situation: Situation,
  endpoints: ReadonlyMap<string, Endpoint>,
): StartList | null => {
  const pod = podsOf(situation.topology).find(({ endpoint }) => endpoint === name);
  if (!pod) return null;
  const cells = predict(situation).filter((one) => (one.from === name) !== (one.to === name) && isDecided(one));
  const placed = cells.flatMap((cell) => {
    const place = placeOf(cell, endpoints);
    return place ? [{ cell, ...place }] : [];
  });
  const outgoing = [...Map.groupBy(placed, ({ cell }) => cell.decision).values()].flatMap((own) =>
    own
      .filter(({ cell }) => cell.from === name)
      .slice(0, OUTGOING_AT_MOST)
      .map(({ cell, target, toNode }): Outgoing => ({ probe: bareProbe(cell), target, peerNode: toNode })),
  );
  const sources = [...Map.groupBy(placed, ({ cell }) => cell.from)].flatMap(([from, all]): readonly Source[] => {
    const own = all.slice(0, PORTS_AT_MOST);
    const [first] = own;
    if (from === name || !first) return [];
    const kind = own.map(({ cell }) => cell.decision).join(' ');
    return [{ kind, from, node: first.fromNode, probes: own.map(({ cell }) => bareProbe(cell)) }];
  });
  const incoming = [...Map.groupBy(sources, ({ kind }) => kind).values()].slice(0, KINDS_AT_MOST);
  if (outgoing.length + incoming.length === 0) return null;
  const ownPorts = pod.ports.filter(({ protocol }) => protocol === 'TCP').map(({ number }) => number);
  return { pod, outgoing, incoming, ownPorts };
};

type Source = Incoming & { readonly kind: string };

/** Those that are tried at one of the starts. */
export const incomingAt = ({ incoming }: StartList, turn: number): readonly Incoming[] =>
  incoming.map((kind) => kind[turn % kind.length] as Incoming);

const isDecided = ({ decision, leftOpen }: Prediction): boolean => decision !== 'unknown' && !leftOpen;

/** Where the cell of a pod with these addresses leads, or null if it has none of the family. */
export const targetAt = (addresses: readonly string[], pod: Pod, probe: Probe): Target | null => {
  const { host, port } = questionOf(
    { kind: 'pod', endpoint: pod.endpoint, namespace: '', pod: '', node: '', addresses, ports: pod.ports },
    probe,
  );
  return host === '' ? null : { host, port };
};
