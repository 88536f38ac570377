/** Reports that share standard output. */
import type { LogSections } from '../../report/index.ts';
import { ciIn, type Env } from '../ci.ts';
import type { ReportChoice } from '../flags/index.ts';

export const FOR_PEOPLE: readonly string[] = ['terminal', 'list', 'github'];

export const isForPeople = ({ name, file }: ReportChoice): boolean => file === undefined && FOR_PEOPLE.includes(name);

const isOnGithub = (choice: ReportChoice): boolean => choice.name === 'github' && isForPeople(choice);

/** The workflow commands come last: GitHub then runs again what is printed. */
export const inOrder = (choices: readonly ReportChoice[]): readonly ReportChoice[] =>
  choices.toSorted((one, other) => Number(isOnGithub(one)) - Number(isOnGithub(other)));

/** On GitHub only if the `github` reporter keeps what others print from being run. */
export const sectionsOf = (choices: readonly ReportChoice[], env: Env): LogSections | undefined => {
  const ci = ciIn(env);
  return ci === 'github' && !choices.some(isOnGithub) ? undefined : ci;
};
