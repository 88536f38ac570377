import { sizedArray } from '../sized-array.ts';
import { createNearest } from '../text.ts';
import { createSelection } from './end-selection.ts';
import type { WrittenMatrix, WrittenRule } from './expect-schema.ts';
import { addRule, hasRule, lastOfAll, noRules, type RuleBits } from './rule-bits.ts';
import { columnsNamed, type TellRule } from './rule-ports.ts';
import type { Expectation, ExpectedProbe, Family, Port, Topology } from './scenario.ts';
import { type End, endsOf, isProbed, sourcesOf } from './topology.ts';
import type { WrittenEnd } from './written-ends.ts';

type Written = NonNullable<WrittenRule['allow']>;

/** A port of an end, and the rules that cover it. */
interface Column {
  readonly end: End;
  readonly port: Port;
  readonly rules: RuleBits;
}

const EXPECTATIONS: readonly Expectation[] = ['allow', 'deny', 'drop', 'reject'];

export const expectationOf = (written: WrittenRule): Expectation =>
  EXPECTATIONS.find((one) => written[one] !== undefined) ?? 'deny';

/** The ends that rules may name. */
export interface RuleEnds {
  readonly ends: readonly End[];
  readonly sources: readonly End[];
}

/** Marks the cells that rules cover, one rule after the other; `broken` if a pattern or port of one matches nothing. */
export const createMarker = ({ ends, sources: from }: RuleEnds, count: number, tell: TellRule) => {
  const nearest = createNearest();
  const columns = ends.map((end) => end.ports.map((port): Column => ({ end, port, rules: noRules(count) })));
  const columnsOf = new Map(ends.map((end, at) => [end, columns[at] ?? []]));
  const sources = new Map(from.map((end) => [end, noRules(count)]));
  const select = { from: createSelection([...sources.keys()], nearest), to: createSelection(ends, nearest) };

  const selectEnds = (side: 'from' | 'to', { [side]: written = '*' }: Written, wrong: TellRule): ReadonlySet<End> => {
    const found = new Set<End>();
    const seen = new Set<WrittenEnd>();
    for (const [at, one] of (Array.isArray(written) ? written : [written]).entries()) {
      const own = select[side](one, Array.isArray(written) ? [side, at] : [side], wrong);
      if (!seen.has(one)) for (const end of own) found.add(end);
      seen.add(one);
    }
    return found;
  };

  const mark = (written: WrittenRule, rule: number): boolean => {
    const expectation = expectationOf(written);
    const selector = written[expectation] ?? {};
    let broken = false;
    const wrong: TellRule = (path, message) => {
      broken = true;
      tell(['rules', rule, expectation, ...path], message);
    };
    for (const end of selectEnds('from', selector, wrong)) addRule(sources.get(end) ?? noRules(count), rule);
    const to = selectEnds('to', selector, wrong);
    const among = to.size > 0 ? [...to].flatMap((end) => columnsOf.get(end) ?? []) : columns.flat();
    for (const column of columnsNamed(selector.port, among, nearest, wrong)) addRule(column.rules, rule);
    return broken;
  };
  return { sources, columns: columns.flat(), mark };
};

/** The families to judge apart, each with the rules that apply to it; one undefined family if no rule names any. */
const familiesOf = (rules: readonly WrittenRule[]) => {
  const named = rules.map((rule) => rule[expectationOf(rule)]?.family);
  const families = named.some((family) => family !== undefined) ? FAMILIES : [undefined];
  return families.map((family) => {
    const bits = noRules(rules.length);
    for (const [rule, own] of named.entries()) if (own === undefined || own === family) addRule(bits, rule);
    return { family, bits };
  });
};

/** What is probed, except a pod's own ports, each with the rules that cover its source and its port. */
function* probedCells(sources: ReadonlyMap<End, RuleBits>, columns: readonly Column[]) {
  for (const [from, ofSource] of sources)
    for (const { end: to, port, rules: ofPort } of columns)
      if (from.endpoint !== to.endpoint && isProbed(from, to, port)) yield { from, to, port, ofSource, ofPort };
}

/**
 * Turns rules into a matrix: for each probe except a pod's own, the last rule that matches decides, otherwise the
 * default. If a rule names a family, each probe appears once per family. Reports a pattern, port or rule that matches
 * nothing, because it is usually a typo.
 */
export const expandRules = (
  { default: fallback = 'deny', rules = [] }: WrittenMatrix,
  topology: Topology,
  tell: TellRule,
): readonly ExpectedProbe[] => {
  const { sources, columns, mark } = createMarker(
    { ends: endsOf(topology), sources: sourcesOf(topology) },
    rules.length,
    tell,
  );
  const broken = rules.map(mark);
  const inFamily = familiesOf(rules);
  const met = noRules(rules.length);
  const expectedOf = function* (): Generator<ExpectedProbe> {
    for (const { from, to, port, ofSource, ofPort } of probedCells(sources, columns))
      for (const { family, bits } of inFamily) {
        const last = rules[lastOfAll(ofSource, ofPort, bits, met)];
        const expectation = last ? expectationOf(last) : fallback;
        const { number, protocol } = port;
        const one = { from: from.endpoint, to: to.endpoint, port: number, protocol, expectation };
        yield family === undefined ? one : { ...one, family };
      }
  };
  const expected = sizedArray(sources.size * columns.length * inFamily.length, expectedOf());
  for (const [rule, isBroken] of broken.entries()) if (!isBroken && !hasRule(met, rule)) tell(['rules', rule], UNMET);
  return expected;
};

const UNMET = 'this rule matches no probe: a destination needs a port, and a pod to itself is never judged';

const FAMILIES: readonly Family[] = ['IPv4', 'IPv6'];
