import type { WrittenRule } from './expect-schema.ts';
import { readDocument } from './expectation-file.ts';
import { fileProblem, type Problem, throwProblems } from './problem.ts';
import { lastOfAll, noRules, type RuleBits } from './rule-bits.ts';
import { fitsRules } from './rule-limits.ts';
import { createMarker, expectationOf } from './rules.ts';
import type { Expectation, Port, Topology } from './scenario.ts';
import { type End, endsOf, portText, sourcesOf } from './topology.ts';
import { validate } from './validate.ts';

type PortNumber = Pick<Port, 'number' | 'protocol'>;

/** What a list of rules says of single cells. Ends with equal keys are treated alike. */
export interface WantedRules {
  readonly sourceKey: (from: string) => string;
  readonly targetKey: (to: string, port: PortNumber) => string;
  /** null if no rule covers the cell. */
  readonly expected: (from: string, to: string, port: PortNumber) => Expectation | null;
}

/** A list of wanted changes, before it is known which endpoints there are. */
export interface WantedChanges {
  /** Throws a PodreachError that lists, with their places, all rules that name nothing in these topologies. */
  rulesOf(topologies: readonly Topology[]): WantedRules;
}

/**
 * Reads wanted changes: rules as under `expect`, of which the last that covers a cell says what it shall be. Throws a
 * PodreachError that lists all problems, each as a line `file:line:column: message`.
 */
export const readWantedChanges = async (path: string): Promise<WantedChanges> => {
  const problems: Problem[] = [];
  const document = await readDocument(path, problems);
  if (document === null && problems.length === 0) problems.push(fileProblem(path, 'empty: expected rules'));
  if (document) validate(document, (await import('./expect-schema.ts')).wantedChanges, problems);
  throwProblems(problems);
  const { rules } = (document?.value ?? { rules: [] }) as { readonly rules: readonly WrittenRule[] };
  if (document) fitsRules(document, { rules: [...rules] }, problems);
  for (const [at, rule] of rules.entries()) {
    const key = expectationOf(rule);
    if (document && rule[key]?.family !== undefined)
      problems.push(document.problemAt(['rules', at, key, 'family'], 'a wanted change is wanted in every IP family'));
  }
  throwProblems(problems);
  return {
    rulesOf: (topologies) => {
      const unfit: Problem[] = [];
      const named = { ends: unite(topologies.map(endsOf)), sources: unite(topologies.map(sourcesOf)) };
      const { sources, columns, mark } = createMarker(named, rules.length, (at, message) => {
        if (document) unfit.push(document.problemAt(at, message));
      });
      rules.forEach(mark);
      throwProblems(unfit);
      const none = noRules(rules.length);
      const bySource = new Map([...sources].map(([end, bits]) => [end.endpoint, bits]));
      const byColumn = new Map(columns.map(({ end, port, rules: bits }) => [columnKey(end.endpoint, port), bits]));
      const sourceBits = (from: string): RuleBits => bySource.get(from) ?? none;
      const targetBits = (to: string, port: PortNumber): RuleBits => byColumn.get(columnKey(to, port)) ?? none;
      return {
        sourceKey: (from) => sourceBits(from).join(),
        targetKey: (to, port) => targetBits(to, port).join(),
        expected: (from, to, port) => {
          const [source, target] = [sourceBits(from), targetBits(to, port)];
          const last = rules[lastOfAll(source, target, target, noRules(rules.length))];
          return last ? expectationOf(last) : null;
        },
      };
    },
  };
};

const columnKey = (to: string, port: PortNumber): string => `${to} ${portText(port)}`;

/** Each end once, with the ports that it has anywhere. */
const unite = (sides: readonly (readonly End[])[]): readonly End[] => {
  const ends = new Map<string, End>();
  for (const end of sides.flat().toReversed()) {
    const known = ends.get(end.endpoint);
    const ports = [...(known?.ports ?? []), ...end.ports];
    const own = [...new Map(ports.map((port) => [`${port.name} ${portText(port)}`, port])).values()];
    ends.set(end.endpoint, { ...(known ?? end), ports: own } as End);
  }
  return [...ends.values()];
};
