import { nearest, quoted } from '../wording.ts';
import { parsePort } from './port.ts';
import type { Expectation, ExpectedProbe, Family, Port, Probe, Topology } from './scenario.ts';
import type { WrittenMatrix, WrittenRule } from './schema.ts';
import { type End, endsOf, isProbed, portText, probesOf, sourcesOf } from './topology.ts';

/** Tells a problem of a rule; the path begins at `expect`. */
export type TellRule = (path: readonly PropertyKey[], message: string) => void;

type Written = NonNullable<WrittenRule['allow']>;

interface Rule {
  readonly expectation: Expectation;
  readonly sources: ReadonlySet<string>;
  /** `endpoint port/protocol` of every port that it is about. */
  readonly destinations: ReadonlySet<string>;
  /** Undefined for both. */
  readonly family: Family | undefined;
}

const destinationOf = (endpoint: string, port: Pick<Port, 'number' | 'protocol'>): string =>
  `${endpoint} ${portText(port)}`;

const listed = <Item extends number | string>(items: Item | readonly Item[]): readonly Item[] =>
  Array.isArray(items) ? items : [items as Item];

/** `*` stands for a whole name, in the place of the namespace, the pod or both; `host:*` for every host. */
const patternsOf = ({ endpoint }: End): readonly string[] => {
  const [, kind = '', namespace, name] = /^(\w+:|)(?:([^/]+)\/)?(.+)$/.exec(endpoint) ?? [];
  return namespace === undefined
    ? [endpoint, `${kind}*`, '*']
    : [endpoint, `${kind}${namespace}/*`, `${kind}*/${name}`, `${kind}*/*`, ...(kind === '' ? [] : [`${kind}*`]), '*'];
};

const selectEnds = (side: 'from' | 'to', { [side]: written = '*' }: Written, ends: readonly End[], tell: TellRule) => {
  const patterns = listed<string>(written);
  const known = [...new Set(ends.flatMap(patternsOf))];
  patterns.forEach((pattern, at) => {
    if (!known.includes(pattern))
      tell(
        Array.isArray(written) ? [side, at] : [side],
        `${quoted(pattern)} matches no endpoint${nearest('endpoint', pattern, known)}`,
      );
  });
  return ends.filter((end) => patternsOf(end).some((pattern) => patterns.includes(pattern)));
};

const selectPorts = ({ port: written }: Written, ends: readonly End[], tell: TellRule): ReadonlySet<string> => {
  const all = ends.flatMap((end) =>
    end.ports.map((port) => ({ port, destination: destinationOf(end.endpoint, port) })),
  );
  if (written === undefined) return new Set(all.map(({ destination }) => destination));
  const names = all.flatMap(({ port }) => [portText(port), ...(port.name === undefined ? [] : [port.name])]);
  const selected = listed<number | string>(written).flatMap((item, at) => {
    // A string of digits alone is neither a port's notation nor a port's name.
    const parsed = parsePort(item);
    const wanted = typeof item === 'string' && !item.includes('/') ? null : parsed;
    const found = all.filter(({ port }) => (wanted ? portText(port) === portText(wanted) : port.name === item));
    if (found.length === 0) {
      const shown = wanted ? portText(wanted) : `${item}`;
      const path = Array.isArray(written) ? ['port', at] : ['port'];
      const near = nearest('port', parsed ? portText(parsed) : shown, names);
      tell(path, `port ${quoted(shown)} matches no port of these destinations${near}`);
    }
    return found.map(({ destination }) => destination);
  });
  return new Set(selected);
};

const EXPECTATIONS: readonly Expectation[] = ['allow', 'deny', 'drop', 'reject'];

const compileRule = (written: WrittenRule, topology: Topology, tell: TellRule): Rule => {
  const expectation = EXPECTATIONS.find((one) => written[one] !== undefined) ?? 'deny';
  const selector = written[expectation] ?? {};
  let broken = false;
  const tellSelector: TellRule = (path, message) => {
    broken = true;
    tell([expectation, ...path], message);
  };
  const ends = endsOf(topology);
  const from = selectEnds('from', selector, sourcesOf(topology), tellSelector);
  const to = selectEnds('to', selector, ends, tellSelector);
  const destinations = selectPorts(selector, to.length > 0 ? to : ends, tellSelector);
  const isJudged = (source: End, end: End): boolean =>
    end !== source &&
    end.ports.some((port) => isProbed(source, end, port) && destinations.has(destinationOf(end.endpoint, port)));
  const judged = from.some((source) => to.some((end) => isJudged(source, end)));
  if (!judged && !broken)
    tell([], 'this rule matches no probe: a destination needs a port, and a pod to itself is never judged');
  const sources = new Set(from.map(({ endpoint }) => endpoint));
  return { expectation, sources, destinations, family: selector.family };
};

/**
 * Rules to a matrix: for each probe but a pod's own the last rule that matches decides, otherwise the default. Where a rule
 * names a family, each probe stands there once for each family.
 * A pattern, port or rule that matches nothing is told, because it would hide a typing mistake.
 */
export const expandRules = (
  { default: fallback = 'deny', rules: written = [] }: WrittenMatrix,
  topology: Topology,
  tell: TellRule,
): readonly ExpectedProbe[] => {
  const rules = written.map((rule, at) =>
    compileRule(rule, topology, (path, message) => tell(['rules', at, ...path], message)),
  );
  const families = rules.some(({ family }) => family !== undefined) ? FAMILIES : [undefined];
  return probesOf(topology)
    .filter(({ from, to }) => from !== to)
    .flatMap((probe) =>
      families.map((family) => {
        const expectation = rules.findLast((rule) => isAbout(rule, probe, family))?.expectation ?? fallback;
        return { ...probe, ...(family !== undefined && { family }), expectation };
      }),
    );
};

const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];

const isAbout = (rule: Rule, { from, to, port, protocol }: Probe, family: Family | undefined): boolean =>
  rule.sources.has(from) &&
  rule.destinations.has(destinationOf(to, { number: port, protocol })) &&
  (rule.family === undefined || rule.family === family);
