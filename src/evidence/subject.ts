/** What evidence is collected about. */
import { type Endpoint, isHost, isService, type PodEndpoint } from '../deploy/index.ts';
import type { PodObject } from '../kube/index.ts';
import type { Cell, StepResult } from '../matrix/index.ts';
import { portText } from '../scenario/index.ts';
import { plural } from '../text.ts';

export interface Subject {
  readonly scenario: string;
  readonly step: string;
  readonly status: StepResult['status'];
  /** Empty if nothing was probed. */
  readonly cells: readonly Cell[];
  /** What broke it. */
  readonly problem?: string;
  /** Absent if no pods came up. */
  readonly placed?: Placed;
}

/** Where its ends are in the cluster. */
export interface Placed {
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** The cluster's names of its namespaces. */
  readonly namespaces: readonly string[];
}

/** The pods at the ends of these cells and the nodes that they run on, by the cluster's names. */
export interface Involved {
  readonly pods: readonly Pick<PodEndpoint, 'namespace' | 'pod' | 'node'>[];
  readonly nodes: readonly string[];
}

const PODS_AT_MOST = 20;

const PROVEN: ReadonlySet<Cell['status']> = new Set(['match', 'open', 'self', 'unjudged']);

const unproven = (cells: readonly Cell[]): readonly Cell[] => cells.filter(({ status }) => !PROVEN.has(status));

/** The pods of the cells that are not as they should be; of all ends, if there is no such cell. */
export const involvedIn = ({ cells, placed }: Subject): Involved => {
  const endpoints = placed?.endpoints ?? new Map<string, Endpoint>();
  const ends = new Set(unproven(cells).flatMap(({ from, to }) => [from, to]));
  const names = ends.size > 0 ? ends : endpoints.keys();
  const found = [...names].flatMap((name) => podsBehind(endpoints.get(name), endpoints));
  const all = [...new Map(found.map((one) => [`${one.namespace}/${one.pod}`, one])).values()];
  const pods = all.slice(0, PODS_AT_MOST);
  return { pods, nodes: [...new Set(pods.map(({ node }) => node))] };
};

/** Of pods that did not come up: those that the cluster knows, where they were to run. */
export const involvedBy = (pods: readonly PodObject[]): Involved => {
  const placed = pods.slice(0, PODS_AT_MOST).flatMap(({ metadata: { name, namespace = '' }, spec }) => {
    const node = spec?.nodeName;
    return node === undefined ? [] : { namespace, pod: name, node };
  });
  return { pods: placed, nodes: [...new Set(placed.map(({ node }) => node))] };
};

/** Behind a Service there are several. */
const podsBehind = (
  endpoint: Endpoint | undefined,
  endpoints: ReadonlyMap<string, Endpoint>,
): readonly PodEndpoint[] => {
  if (!endpoint || isHost(endpoint)) return [];
  if (!isService(endpoint)) return [endpoint];
  const backends = [...endpoint.translations.values()].flatMap((one) => one.backends);
  return backends.flatMap((backend) => podsBehind(endpoints.get(backend.endpoint), endpoints));
};

/** The finding on one line: what broke, or the first cell that is not as it should be and how many there are. */
export const findingOf = ({ status, cells, problem }: Subject): string => {
  const found = unproven(cells);
  const [first] = found.toSorted((one, other) => rankOf(one) - rankOf(other));
  if (problem !== undefined) return `${status}: ${problem}`;
  if (!first) return `${status}: no cell could be judged`;
  const { from, to, port, protocol, expected, observed } = first;
  const more = found.length > 1 ? `, and ${plural(found.length - 1, 'more cell')}` : '';
  const seen = `expected ${expected ?? 'nothing'}, seen ${observed ?? 'nothing'}`;
  return `${first.status}: ${from} -> ${to} ${portText({ number: port, protocol })}: ${seen}${more}`;
};

const RANKED: readonly Cell['status'][] = ['mismatch', 'flaky', 'error', 'unknown', 'unsupported'];

const rankOf = ({ status }: Cell): number => RANKED.indexOf(status);
