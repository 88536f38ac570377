import { modelOf, worldOf } from '../../matrix/index.ts';
import { advise, explainProbe, type Family } from '../../model/index.ts';
import { explanationJson, explanationLines } from '../../report/explain/index.ts';
import { coloursOf, wrapped } from '../../report/index.ts';
import { familiesOfSteps } from '../../scenario/index.ts';
import { type Asked, familyOfBoth, oneScenario, probeOf, stepNamed, tellNotes } from '../scenarios/index.ts';
import type { Terminal } from '../terminal/index.ts';

/** The question that `podreach explain` answers, as written on the command line. */
export interface Question extends Asked {
  readonly path: string;
}

export interface ExplainFlags {
  readonly reporter: 'terminal' | 'json';
  readonly namespace?: string;
  readonly step?: string;
  readonly family?: Family;
}

/**
 * `podreach explain`: says why policies allow or block one connection, without a cluster. Returns exit code 0
 * whatever the answer is; throws a PodreachError for a question that does not fit the scenario.
 */
export const explain = async (question: Question, flags: ExplainFlags, terminal: Terminal): Promise<number> => {
  const scenario = await oneScenario(question.path, 'explain', {
    openStdin: terminal.openStdin,
    namespace: flags.namespace,
  });
  tellNotes([scenario], terminal.progress);
  const step = stepNamed(scenario, flags.step);
  const { topology, policies } = step;
  const asked = probeOf(step, question);
  const family = flags.family ?? familyOfBoth(step, asked);
  const situation = { topology, policies, families: familiesOfSteps([step]) };
  const explanation = explainProbe(modelOf(situation, family), asked);
  const input = { world: worldOf(situation, family), policies: policies.map(({ spec }) => spec) };
  const advice = advise(input, asked);
  const about = { scenario: scenario.name, file: scenario.file, step: step.name };
  await terminal.print(
    flags.reporter === 'json'
      ? explanationJson(about, explanation, advice)
      : explanationLines(explanation, advice, { colours: coloursOf(terminal.colour) })
          .flatMap((line) => wrapped(line, terminal.width))
          .map((line) => `${line}\n`),
  );
  return 0;
};
