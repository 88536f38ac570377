/** The cells that need an explanation, each with one in words. */
import {
  agrees,
  type Cell,
  type CellExplanation,
  modelOf,
  type Situation,
  type StepResult,
  type Why,
} from '../../matrix/index.ts';
import { explainProbe, type Family, type Model, type ProbeExplanation } from '../../model/index.ts';
import { bareProbe, probeKey } from '../../scenario/index.ts';
import { printable } from '../../text.ts';
import { adviceSections } from '../explain/advice.ts';
import { explanationLines } from '../explain/explanation.ts';

/** More than a person reads. */
const EXPLAINED_AT_MOST = 200;

/** What is wrong, then what is not known. */
const RANKS: readonly ((cell: Cell) => boolean)[] = [
  ({ status }) => status === 'mismatch',
  (cell) => agrees(cell) === false,
  ({ status }) => status === 'flaky',
  ({ status }) => status === 'error' || status === 'unknown',
];

/** Of the first two hundred. Without what the model was asked about, only those that are explained already. */
export const explanationsIn = ({ cells, why, situation, explanations }: StepResult): readonly CellExplanation[] => {
  if (explanations) return explanations;
  const explain = situation && explainerOf(situation);
  return [...new Set(RANKS.flatMap((isRanked) => cells.filter(isRanked)))]
    .slice(0, EXPLAINED_AT_MOST)
    .flatMap((cell) => {
      const known = why?.get(probeKey(cell)) ?? (explain && cell.from !== cell.to ? explain(cell) : undefined);
      return known ? [explanationOf(cell, known)] : [];
    });
};

const explainerOf = (situation: Situation): ((cell: Cell) => Why) => {
  const models = new Map<Family | undefined, Model>();
  return (cell) => {
    const model = models.get(cell.family) ?? modelOf(situation, cell.family);
    models.set(cell.family, model);
    return { explained: explainProbe(model, cell), advice: null };
  };
};

const explanationOf = (cell: Cell, { explained, advice }: Why): CellExplanation => ({
  ...bareProbe(cell),
  lines: explanationLines(explained, null),
  changes: advice ? adviceSections(advice).flat().map(printable) : [],
  places: placesIn(explained),
});

const placesIn = ({ decision, connections }: ProbeExplanation): CellExplanation['places'] => {
  const telling = connections.find((one) => one.decision === decision) ?? connections[0];
  const sides = (telling?.sides ?? []).filter((side) => decision === 'allow' || side.decision === decision);
  const places = sides.flatMap(({ policies, decision: own }) =>
    policies.flatMap(({ policy, rules }) => {
      const shown = rules.filter(({ answer }) => own !== 'allow' || answer === 'yes');
      if (own === 'allow' && shown.length === 0) return [];
      return [[], ...shown.map(({ rule }) => rule.path)].flatMap((path) => policy.placeOf?.(path) ?? []);
    }),
  );
  const unique = new Map(places.map(({ file, line }) => [`${file}:${line}`, { file, line }]));
  return [...unique.values()];
};
