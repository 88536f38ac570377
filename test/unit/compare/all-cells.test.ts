import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type ComparedStep, compareSteps } from '../../../src/compare/index.ts';
import { type Prediction, predict } from '../../../src/matrix/index.ts';
import { type Family, familiesNamed, loadScenarios, type Scenario } from '../../../src/scenario/index.ts';

const folder = fileURLToPath(new URL('../../../scenarios', import.meta.url));
const semantics = (await readdir(join(folder, 'semantics'), { withFileTypes: true })).filter((entry) =>
  entry.isDirectory(),
);
/** All that stand alone, and a third of the others, because loading takes longest. */
const folders = [
  folder,
  ...semantics.filter((_, at) => at % 3 === 0).map(({ name }) => join(folder, 'semantics', name)),
];

const familiesOf = (steps: readonly ComparedStep[]): readonly Family[] => {
  const named = steps.flatMap(({ topology, expected }) => [
    ...familiesNamed(topology, Array.isArray(expected) ? expected : []),
  ]);
  return named.length > 0 ? [...new Set(named)].sort() : ['IPv4'];
};

const keyOf = ({ from, to, port, protocol, family }: Omit<Prediction, 'decision' | 'leftOpen'>): string =>
  `${from} > ${to} ${port}/${protocol} ${family ?? ''}`;

/** Each cell that is not decided alike on both sides, from the predictions of either side: the comparison's oracle. */
const seen = (before: ComparedStep, after: ComparedStep) => {
  const families = familiesOf([before, after]);
  const cells = [before, after].map(
    ({ topology, policies }) =>
      new Map(
        predict({ topology, policies, families })
          .filter(({ from, to }) => from !== to)
          .map((one) => [keyOf(one), one.decision] as const),
      ),
  );
  const [was, is] = cells as [(typeof cells)[0], (typeof cells)[0]];
  const lines = [...new Set([...was.keys(), ...is.keys()])].flatMap((key) => {
    const [one, other] = [was.get(key) ?? null, is.get(key) ?? null];
    return one === other && one !== 'unknown' ? [] : [`${key}: ${one} → ${other}`];
  });
  return { lines, unchanged: [...was].filter(([key, one]) => one === is.get(key) && one !== 'unknown').length };
};

/** The same from the groups of a comparison. */
const told = (before: ComparedStep, after: ComparedStep) => {
  const { groups, counts } = compareSteps(before, after);
  const lines = groups.flatMap((group) => {
    const cells = group.from.flatMap((from) =>
      group.to
        .filter((to) => to !== from)
        .flatMap((to) =>
          group.ports.map(({ number, protocol }) => {
            const { family } = group;
            const key = keyOf({ from, to, port: number, protocol, ...(family && { family }) });
            return `${key}: ${group.before} → ${group.after}`;
          }),
        ),
    );
    expect(cells).to.have.lengthOf(group.cells);
    return cells;
  });
  return { lines, unchanged: counts.unchanged };
};

describe('compareSteps', () => {
  let scenarios: readonly Scenario[] = [];
  before(async () => {
    scenarios = await loadScenarios(folders);
  });

  it('finds each cell that differs or is undecided, and no other, from one scenario to the next or back', () => {
    let cells = 0;
    for (const [at, scenario] of scenarios.entries()) {
      const next = scenarios[(at + 1) % scenarios.length] as Scenario;
      // There and back by turns.
      const [one, other] = at % 2 === 0 ? [scenario, next] : [next, scenario];
      const [was, is] = [one.steps[0], other.steps[0]];
      const wanted = seen(was, is);
      const found = told(was, is);
      expect(found.lines.toSorted(), `${one.name} > ${other.name}`).to.deep.equal(wanted.lines.toSorted());
      expect(found.unchanged, `${one.name} > ${other.name}`).to.equal(wanted.unchanged);
      cells += wanted.lines.length;
    }
    expect(cells).to.be.above(1_500);
  });

  it('finds each cell that policies change on pods that stay', () => {
    let cells = 0;
    for (const { name, steps } of scenarios) {
      const [step] = steps;
      for (const dropped of step.policies) {
        const without = { ...step, policies: step.policies.filter((policy) => policy !== dropped) };
        const wanted = seen(step, without);
        expect(told(step, without).lines.toSorted(), `${name} without ${dropped.name}`).to.deep.equal(
          wanted.lines.toSorted(),
        );
        cells += wanted.lines.length;
      }
    }
    expect(cells).to.be.above(400);
  });
});
