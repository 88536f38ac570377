import type { Endpoint } from '../deploy/index.ts';
import { modelOf, type Prediction, type Sampled, type Situation } from '../matrix/index.ts';
import { classesOf, type Family } from '../model/index.ts';
import { serverKey } from '../probe/index.ts';
import { type Expected, type Probe, portText, probeKey } from '../scenario/index.ts';

/** How many of the cells that stand for nothing new are probed all the same, at random. */
const RANDOM_PART = 0.05;

/** The cells of a step, and what is known of them. */
export interface Cells {
  readonly probes: readonly Probe[];
  readonly expected: Expected;
  readonly predicted: readonly Prediction[];
}

export interface Sample extends Cells {
  readonly sampled: Sampled;
}

/**
 * Some of a step's cells, for `--probe classes`: one for each pair of classes of pods that neither policies nor probes
 * can tell apart, and some of the others at random. Cells are of one pair only if the same is expected of them, so that
 * no expectation goes untried. Pods on different nodes are of different classes, because another agent enforces there.
 * Each server is also asked by itself, which shows that it answers.
 * @param random Gives numbers from 0 up to 1.
 */
export const sampleOf = (
  { probes, expected, predicted }: Cells,
  situation: Situation,
  endpoints: ReadonlyMap<string, Endpoint>,
  random: () => number = Math.random,
): Sample => {
  const classOf = classNames(situation, endpoints);
  const expectations = new Map(
    expected === null || expected === 'model' ? [] : expected.map((one) => [probeKey(one), one.expectation]),
  );
  const keyOf = (probe: Probe): string => {
    const { from, to, port, protocol, family } = probe;
    const ends = from === to ? 'itself' : `${classOf(from, family)} > ${classOf(to, family)}`;
    return `${ends} ${portText({ number: port, protocol })} ${family} ${expectations.get(probeKey(probe))}`;
  };
  const others = probes.filter(({ from, to }) => from !== to);
  const groups = [...Map.groupBy(others, keyOf).values()];
  const representatives = groups.map((group) => group[Math.floor(random() * group.length)] as Probe);
  const chosen = new Set<Probe>(representatives);
  const rest = shuffled(
    others.filter((probe) => !chosen.has(probe)),
    random,
  );
  const extra = rest.slice(0, Math.ceil(rest.length * RANDOM_PART));
  for (const probe of extra) chosen.add(probe);
  const servers = new Set([...chosen].map(serverKey));
  const own = probes.filter((probe) => probe.from === probe.to && servers.has(serverKey(probe)));
  for (const probe of own) chosen.add(probe);
  const keys = new Set([...chosen].map(probeKey));
  const isChosen = (probe: Probe): boolean => keys.has(probeKey(probe));
  return {
    probes: probes.filter(isChosen),
    expected: typeof expected === 'string' ? expected : (expected?.filter(isChosen) ?? null),
    predicted: predicted.filter(isChosen),
    sampled: { pairs: representatives.length, random: extra.length, all: others.length },
  };
};

/** What a pod has in common with those that nothing can tell from it. Every other end is one of a kind. */
const classNames = (
  situation: Situation,
  endpoints: ReadonlyMap<string, Endpoint>,
): ((name: string, family: Family | undefined) => string) => {
  const idsOf = (family?: Family): ReadonlyMap<string, number> =>
    new Map(classesOf(modelOf(situation, family)).flatMap(({ id, members }) => members.map(({ name }) => [name, id])));
  const families = new Map([undefined, ...(situation.families ?? [])].map((family) => [family, idsOf(family)]));
  return (name, family) => {
    const endpoint = endpoints.get(name);
    return endpoint?.kind === 'pod' ? `class ${families.get(family)?.get(name)} on ${endpoint.node}` : name;
  };
};

const shuffled = <Item>(items: readonly Item[], random: () => number): readonly Item[] =>
  items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
