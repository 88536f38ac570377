import type { Cell } from '../../matrix/index.ts';
import type { Confirmation, Mutant, ScenarioScore, StepScore, Witness } from '../../mutate/index.ts';
import { jsonText } from '../json-text.ts';
import { editText, placeOfMutant } from './words.ts';

/** The same as data. */
export const mutationJson = (scores: readonly ScenarioScore[], confirmations?: readonly Confirmation[]): string =>
  jsonText({
    schema: 'podreach/mutate/v1',
    scenarios: scores.map(scenarioJson),
    live: confirmations?.map(confirmationJson),
  });

const confirmationJson = (one: Confirmation) => ({
  ...{ scenario: one.scenario.name, step: one.step.name, outcome: one.outcome, mutant: mutantJson(one.mutant) },
  ...{ cell: one.cell, problem: one.outcome === 'broken' ? (one.problem ?? undefined) : undefined },
  cells: 'cells' in one ? one.cells.map(cellJson) : undefined,
});

const cellJson = ({ from, to, port, protocol, family, expected, model, observed, status }: Cell) => ({
  ...{ from, to, port, protocol, family, expected, model, observed, status },
});

const scenarioJson = ({ name, file, steps }: ScenarioScore) => ({ name, file, steps: steps.map(stepJson) });

const stepJson = ({ name, failing, noticed, missed, witnesses, beyond, same }: StepScore) => ({
  name,
  failing,
  noticed: noticed.map(({ mutant, cell }) => ({ ...mutantJson(mutant), cell })),
  missed: missed.map(mutantJson),
  witnesses: witnesses.map(witnessJson),
  beyond: beyond.map(witnessJson),
  same: same.map(({ mutant, why }) => ({ ...mutantJson(mutant), why })),
});

const witnessJson = ({ notices, ...witness }: Witness) => ({ ...witness, notices: notices.map(mutantJson) });

const mutantJson = (mutant: Mutant) => {
  const { file, line, column } = placeOfMutant(mutant);
  const { namespace, name } = mutant.policy;
  return { policy: `${namespace}/${name}`, file, line, column, ...mutant.edit, change: editText(mutant.edit) };
};
