import { DIRECTIONS, type Direction } from '../model/index.ts';
import { backendNamespace, type End, endsOf, sourcesOf } from '../scenario/index.ts';
import type { Wanted } from './wanted.ts';

/** The directions in which a namespace is closed, by its name. */
export type Closed = ReadonlyMap<string, readonly Direction[]>;

/**
 * A namespace is closed in a direction if a cell of it is to be blocked, or if nothing is known of one: at both ends, because
 * either end may lose its policies. Only in these directions.
 */
export const closedOf = ({ topology, cells }: Wanted, directions: readonly Direction[]): Closed => {
  const ends = new Map([...endsOf(topology), ...sourcesOf(topology)].map((end) => [end.endpoint, end]));
  const blocked = cells.filter(({ expectation, doubt }) =>
    expectation === null ? doubt !== undefined && doubt !== 'undefined' : expectation !== 'allow',
  );
  const homes = {
    egress: new Set(blocked.map(({ from }) => homeOf(ends.get(from)))),
    ingress: new Set(blocked.map(({ to }) => homeOf(ends.get(to)))),
  };
  return new Map(
    topology.namespaces.map(({ name }) => [
      name,
      DIRECTIONS.filter((direction) => directions.includes(direction) && homes[direction].has(name)),
    ]),
  );
};

/** Where policies would act on it; undefined for what none selects for certain. */
const homeOf = (end: End | undefined): string | undefined => {
  if (end?.kind === 'service') return backendNamespace(end.service);
  return end?.kind === 'pod' && !end.hostNetwork ? end.namespace : undefined;
};

export const isClosed = (closed: Closed, namespace: string, direction: Direction): boolean =>
  closed.get(namespace)?.includes(direction) ?? false;
