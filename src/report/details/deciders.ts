/** Which rules decide each cell, for classes of ends that no policy can tell apart. */
import {
  type Cell,
  type DecidedCells,
  type Deciders,
  type DecidingSide,
  modelOf,
  type Situation,
  type StepResult,
} from '../../matrix/index.ts';
import { classesOf, type Decider, decidersOf, type Family, type Model } from '../../model/index.ts';
import { policyName } from '../explain/selector.ts';

/** Each takes some microseconds and a line in a report. */
const DECIDED_AT_MOST = 20_000;

/**
 * undefined if the policies are not known, or if they distinguish so many pairs of ends that a report can't list them.
 * Cells of nodes are left out: where a pod runs, which no class knows, decides them too.
 */
export const decidersIn = ({ cells, situation, deciders }: StepResult): Deciders | undefined =>
  deciders ?? (situation && find(cells, situation));

const find = (cells: readonly Cell[], situation: Situation): Deciders | undefined => {
  const { models, classes } = classesIn(cells, situation);
  if (classes.countOf(cells.map(({ from }) => from)) * classes.countOf(cells.map(({ to }) => to)) > DECIDED_AT_MOST)
    return undefined;
  const sides = createSides();
  const decided = new Map<number, DecidedCells>();
  for (const cell of cells) {
    const { port, protocol, family } = cell;
    const [from, to] = [classes.numberOf(cell.from), classes.numberOf(cell.to)];
    const model = models(family);
    if (cell.from === cell.to || model.nodes.has(cell.to) || model.nodes.has(cell.from)) continue;
    const key = ((from * classes.most + to) * 3 + PROTOCOLS.indexOf(protocol)) * 3 + FAMILIES.indexOf(family);
    const whole = key * 65_536 + port;
    if (decided.has(whole)) continue;
    if (decided.size === DECIDED_AT_MOST) return undefined;
    const numbers = decidersOf(model, cell).map(sides.numberOf);
    decided.set(whole, { from, to, port, protocol, ...(family && { family }), sides: numbers });
  }
  return { classes: classes.all(), sides: sides.all, cells: [...decided.values()] };
};

const PROTOCOLS: readonly Cell['protocol'][] = ['TCP', 'UDP', 'SCTP'];
const FAMILIES: readonly (Family | undefined)[] = [undefined, 'IPv4', 'IPv6'];

/** Ends are alike if they are in every family. What is no pod and no host is alone. */
const classesIn = (cells: readonly Cell[], situation: Situation) => {
  const known = new Map<Family | undefined, Model>();
  const models = (family: Family | undefined): Model => {
    const model = known.get(family) ?? modelOf(situation, family);
    known.set(family, model);
    return model;
  };
  const families = situation.families ?? [undefined];
  const places = new Map<string, string>();
  for (const family of families)
    for (const { id, members } of classesOf(models(family)))
      for (const { name } of members) places.set(name, `${places.get(name) ?? ''} ${id}`);
  const numbers = new Map<string, number>();
  const classes: string[][] = [];
  const add = (name: string): number => {
    const place = places.get(name) ?? name;
    const number = numbers.get(place) ?? classes.push([]) - 1;
    numbers.set(place, number);
    if (place !== name) numbers.set(name, number);
    classes[number]?.push(name);
    return number;
  };
  return {
    models,
    classes: {
      /** More than there can be. */
      most: new Set(cells.map(({ to }) => to)).size + new Set(cells.map(({ from }) => from)).size + 1,
      numberOf: (name: string): number => numbers.get(name) ?? add(name),
      /** How many classes they are, as far as that is known without them. */
      countOf: (names: readonly string[]): number =>
        new Set([...new Set(names)].map((name) => places.get(name) ?? name)).size,
      all: (): readonly (readonly string[])[] => classes,
    },
  };
};

const createSides = () => {
  const all: DecidingSide[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (decider: Decider): number => {
    const side = sideOf(decider);
    const key = JSON.stringify(side);
    const number = numbers.get(key) ?? all.push(side) - 1;
    numbers.set(key, number);
    return number;
  };
  return { all, numberOf };
};

const sideOf = ({ direction, decision, isolating, letting }: Decider): DecidingSide => ({
  direction,
  decision,
  policies: isolating.map(policyName),
  rules: letting.map(({ policy, rule, number }) => {
    const place = policy.placeOf?.(rule.path);
    return { policy: policyName(policy), number, ...(place && { file: place.file, line: place.line }) };
  }),
});
