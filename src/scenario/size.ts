import { hasLabels } from '../model/index.ts';
import type { Path, SourceDocument } from './document.ts';
import { LIMITS } from './limits.ts';
import type { Problem } from './problem.ts';
import { fitsRules } from './rule-limits.ts';
import type { Topology } from './scenario.ts';
import type { WrittenScenario } from './schema.ts';
import type { Allowance } from './source.ts';
import { backendNamespace, endsOf, sourcesOf } from './topology.ts';

type Countable = keyof typeof LIMITS & ('namespaces' | 'pods' | 'hosts' | 'nodes' | 'services' | 'patterns' | 'steps');

interface Parts {
  readonly ports?: readonly unknown[] | undefined;
  readonly labels?: object | undefined;
  readonly selector?: object | undefined;
}

const NAMES: Readonly<Partial<Record<Countable, string>>> = { patterns: 'file patterns' };

/**
 * Whether a scenario is small enough to be expanded; excesses go to `problems`. Checks only parts whose form is sound.
 */
export const fitsLimits = (
  { value, problemAt, part }: SourceDocument,
  sound: (key?: string) => boolean,
  problems: Problem[],
  size: Allowance['size'] = 'matrix',
): boolean => {
  const before = problems.length;
  const written = value as WrittenScenario;
  const most = (what: Countable, count: number, path: Path): void => {
    const limit = what === 'pods' ? mostPodsFor(size) : LIMITS[what];
    if (count > limit)
      problems.push(problemAt(path, `${count} ${NAMES[what] ?? what}: at most ${limit} in a scenario`));
  };
  const parts = (path: Path, part: Parts): void => {
    for (const key of ['ports', 'labels', 'selector'] as const) {
      const count = countOf(part[key]);
      const most = key === 'ports' ? LIMITS.ports : LIMITS.labels;
      const what = key === 'selector' ? 'labels' : key;
      if (count > most) problems.push(problemAt([...path, key], `${count} ${what}: at most ${most}`));
    }
  };
  if (sound('namespaces')) {
    const namespaces = Object.entries(written.namespaces ?? {});
    most('namespaces', namespaces.length, ['namespaces']);
    let count = 0;
    for (const [name, { pods = {}, labels }] of namespaces) {
      parts(['namespaces', name], { labels });
      for (const [pod, its] of Object.entries(pods)) {
        count += 1;
        parts(['namespaces', name, 'pods', pod], its);
      }
    }
    most('pods', count, ['namespaces']);
  }
  for (const what of ['hosts', 'nodes', 'services'] as const) {
    if (!sound(what)) continue;
    const all = Object.entries(written[what] ?? {});
    most(what, all.length, [what]);
    for (const [name, part] of all) parts([what, name], part);
  }
  for (const { key, what, all = [] } of [
    { key: 'from', what: 'patterns', all: [written.from ?? []].flat() },
    { key: 'policies', what: 'patterns', all: written.policies },
    { key: 'steps', what: 'steps', all: written.steps },
  ] as const)
    if (sound(key)) most(what, all.length, [key]);
  if (sound('expect') && typeof written.expect === 'object') fitsRules(part(['expect']), written.expect, problems);
  return problems.length === before;
};

const countOf = (items: readonly unknown[] | object | undefined): number =>
  Array.isArray(items) ? items.length : Object.keys(items ?? {}).length;

/** How many pods a scenario may have. */
export const mostPodsFor = (size: Allowance['size']): number => (size === 'matrix' ? LIMITS.pods : LIMITS.largePods);

/** The number of backends behind all ports of all Services. */
const backendsIn = ({ namespaces, services }: Topology): number => {
  const podsOf = new Map(namespaces.map(({ name, pods }) => [name, pods]));
  return services.reduce((sum, service) => {
    const { selector, ports } = service;
    const own = podsOf.get(backendNamespace(service))?.filter(({ labels }) => hasLabels(labels, selector)) ?? [];
    return sum + own.length * ports.length;
  }, 0);
};

/** The sizes of a matrix that are limited. */
export const matrixOf = (topology: Topology) => {
  const allPorts = endsOf(topology).reduce((sum, { ports }) => sum + ports.length, 0);
  const sources = sourcesOf(topology).length;
  return { allPorts, cells: sources * allPorts, ways: sources * backendsIn(topology) };
};

type Sizes = ReturnType<typeof matrixOf>;

const excessOf = ({ allPorts, cells, ways }: Sizes): string | null => {
  if (allPorts > LIMITS.allPorts) return `${allPorts} ports in all: at most ${LIMITS.allPorts}`;
  if (cells > LIMITS.cells) return `a matrix of ${cells} cells: at most ${LIMITS.cells}`;
  return ways > LIMITS.ways ? `${ways} ways to a backend of a Service: at most ${LIMITS.ways}` : null;
};

/** Whether a topology has no more cells than podreach can hold; if it has, that goes to `problems`. */
export const fitsMatrix = ({ problemAt }: SourceDocument, topology: Topology, problems: Problem[]): boolean => {
  const what = excessOf(matrixOf(topology));
  if (what !== null) problems.push(problemAt(['namespaces'], `${what} in a scenario`));
  return what === null;
};
