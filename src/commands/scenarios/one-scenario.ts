/** Commands that take one scenario, and one step of it. */
import { PodreachError } from '../../errors.ts';
import { type LoadOptions, loadScenarios, type Scenario, type Step } from '../../scenario/index.ts';
import { listed, nearest, quoted } from '../../text.ts';

export const oneScenario = async (path: string, command: string, options: LoadOptions): Promise<Scenario> => {
  const [scenario, ...others] = await loadScenarios([path], options);
  if (scenario && others.length === 0) return scenario;
  throw new PodreachError(`${quoted(path)} contains ${others.length + 1} scenarios, but ${command} takes one`, {
    hint: `name one of ${listed([scenario, ...others].flatMap((one) => one?.file ?? []))}`,
  });
};

/** The step with this name or, if none has it, this number. */
export const stepNamed = ({ steps }: Scenario, wanted: string | undefined): Step => {
  const names = steps.map(({ name }) => name);
  const numbered = steps.map(({ name }, index) => `${index + 1} (${name})`);
  const named = wanted === undefined ? steps : steps.filter(({ name }) => name === wanted);
  const [step, ...others] = named.length > 0 ? named : steps.filter((_, index) => `${index + 1}` === wanted);
  if (step && others.length === 0) return step;
  if (wanted === undefined)
    throw new PodreachError(`the scenario has ${steps.length} steps`, {
      hint: `add --step with one of ${listed(numbered)}`,
    });
  const hint = `its steps are ${listed(numbered)}`;
  if (step) throw new PodreachError(`${named.length} steps are named ${quoted(wanted)}`, { hint });
  const meant = /^\d+$/.test(wanted) ? '' : nearest('step', wanted, names);
  throw new PodreachError(`the scenario has no step ${quoted(wanted)}${meant}`, { hint });
};
