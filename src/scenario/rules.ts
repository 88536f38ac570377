import { nearest, quoted } from '../wording.ts';
import { parsePort } from './port.ts';
import type { Expectation, ExpectedProbe, Host, Pod, Port, Topology } from './scenario.ts';
import type { WrittenMatrix, WrittenRule } from './schema.ts';
import { endsOf, isProbed, portText, probesOf } from './topology.ts';

/** Tells a problem of a rule; the path begins at `expect`. */
export type TellRule = (path: readonly PropertyKey[], message: string) => void;

type Written = NonNullable<WrittenRule['allow']>;

interface Rule {
  readonly expectation: Expectation;
  readonly sources: ReadonlySet<string>;
  /** `endpoint port/protocol` of every port that it is about. */
  readonly destinations: ReadonlySet<string>;
}

const destinationOf = (endpoint: string, port: Pick<Port, 'number' | 'protocol'>): string =>
  `${endpoint} ${portText(port)}`;

const listed = <Item extends number | string>(items: Item | readonly Item[]): readonly Item[] =>
  Array.isArray(items) ? items : [items as Item];

type End = Pod | Host;

/** `*` stands for a whole name, in the place of the namespace, the pod or both; `host:*` for every host. */
const patternsOf = (end: End): readonly string[] =>
  'namespace' in end
    ? [end.endpoint, `${end.namespace}/*`, `*/${end.name}`, '*/*', '*']
    : [end.endpoint, 'host:*', '*'];

const selectEnds = (side: 'from' | 'to', { [side]: written = '*' }: Written, ends: readonly End[], tell: TellRule) => {
  const patterns = listed<string>(written);
  const known = [...new Set(ends.flatMap(patternsOf))];
  patterns.forEach((pattern, at) => {
    if (!known.includes(pattern))
      tell(
        Array.isArray(written) ? [side, at] : [side],
        `${quoted(pattern)} matches no pod${nearest('endpoint', pattern, known)}`,
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

const compileRule = (written: WrittenRule, ends: readonly End[], tell: TellRule): Rule => {
  const expectation = written.allow ? 'allow' : 'deny';
  const selector = written[expectation] ?? {};
  let broken = false;
  const tellSelector: TellRule = (path, message) => {
    broken = true;
    tell([expectation, ...path], message);
  };
  const from = selectEnds('from', selector, ends, tellSelector);
  const to = selectEnds('to', selector, ends, tellSelector);
  const destinations = selectPorts(selector, to.length > 0 ? to : ends, tellSelector);
  const isJudged = (source: End, end: End): boolean =>
    end !== source &&
    isProbed(source, end) &&
    end.ports.some((port) => destinations.has(destinationOf(end.endpoint, port)));
  const judged = from.some((source) => to.some((end) => isJudged(source, end)));
  if (!judged && !broken)
    tell([], 'this rule matches no probe: a destination needs a port, and a pod to itself is never judged');
  return { expectation, sources: new Set(from.map(({ endpoint }) => endpoint)), destinations };
};

/**
 * Rules to a matrix: for each probe but a pod's own the last rule that matches decides, otherwise the default.
 * A pattern, port or rule that matches nothing is told, because it would hide a typing mistake.
 */
export const expandRules = (
  { default: fallback = 'deny', rules: written = [] }: WrittenMatrix,
  topology: Topology,
  tell: TellRule,
): readonly ExpectedProbe[] => {
  const ends = endsOf(topology);
  const rules = written.map((rule, at) =>
    compileRule(rule, ends, (path, message) => tell(['rules', at, ...path], message)),
  );
  return probesOf(topology)
    .filter(({ from, to }) => from !== to)
    .map((probe) => {
      const destination = destinationOf(probe.to, { number: probe.port, protocol: probe.protocol });
      const rule = rules.findLast(
        ({ sources, destinations }) => sources.has(probe.from) && destinations.has(destination),
      );
      return { ...probe, expectation: rule?.expectation ?? fallback };
    });
};
