/** Which reports a command writes, and where each goes. */
import { resolve } from 'node:path';
import { PodreachError } from '../../errors.ts';
import { type CreateReporter, isReporterName, type LogSections, reporterNamed } from '../../report/index.ts';
import { isAddedTo, isModule, type OutputFlags, type ReportChoice, readChoice } from '../flags/index.ts';
import { FOR_PEOPLE, inOrder, isForPeople, sectionsOf } from './for-people.ts';
import { loadReporter } from './load-reporter.ts';
import { checkFile } from './report-file.ts';

/** A report that is ready to begin. */
export interface Report extends ReportChoice {
  readonly full?: boolean;
  readonly sections?: LogSections;
  /** The file keeps what it has. */
  readonly append?: boolean;
  readonly create: CreateReporter;
}

/**
 * The reports that were asked for, ready to begin. Throws a PodreachError for everything that is known to be
 * wrong before a long run: two reports to one output, a report that can't be written, a module that is not a reporter.
 */
export const chooseReports = async (flags: OutputFlags): Promise<readonly Report[]> => {
  const choices = choicesOf(flags);
  for (const { file } of choices) if (file !== undefined) await checkFile(file);
  const sections = sectionsOf(choices, process.env);
  return Promise.all(
    inOrder(choices).map(async (choice) => ({
      ...choice,
      ...(flags.full && { full: true }),
      ...(sections && isForPeople(choice) && { sections }),
      ...(choice.file !== undefined && isAddedTo(choice.file, process.env) && { append: true }),
      create: await creatorOf(choice.name),
    })),
  );
};

/** A run without scenarios has nothing to show on a terminal, but machines still get its report. */
export const withoutEmptyTerminal = (reports: readonly Report[], isEmpty: boolean): readonly Report[] =>
  isEmpty ? reports.filter(({ name, file }) => name !== 'terminal' || file !== undefined) : reports;

const creatorOf = async (name: string): Promise<CreateReporter> =>
  isReporterName(name) ? reporterNamed(name) : loadReporter(name);

const choicesOf = ({ reporter, output }: OutputFlags): readonly ReportChoice[] => {
  const asked = reporter.map(readChoice);
  const free = asked.filter(({ name, file }) => file === undefined && name !== 'terminal' && name !== 'github');
  if (output !== undefined && free.length === 0) {
    throw new PodreachError('--output needs a report to write', { hint: 'add --reporter json' });
  }
  const choices =
    output === undefined ? asked : asked.map((one) => (free.includes(one) ? { ...one, file: output } : one));
  requireApart(choices);
  return choices;
};

/**
 * Each file belongs to one report. A user's own module may share standard output, because it may print nothing, and so may
 * workflow commands with what is for people: GitHub finds them among other lines.
 */
const requireApart = (choices: readonly ReportChoice[]): void => {
  const places = Map.groupBy(choices, ({ file }) => file && resolve(file));
  for (const [place, sharing] of places) {
    const all = sharing.map(({ name }) => name);
    const isForPeople = all.every((name) => isModule(name) || FOR_PEOPLE.includes(name));
    const names = all.filter((name) => place !== undefined || !(isModule(name) || (isForPeople && name === 'github')));
    if (names.length < 2) continue;
    throw new PodreachError(`${names.join(' and ')} can't both go to ${sharing[0]?.file ?? 'standard output'}`, {
      hint:
        place === undefined
          ? 'add --output FILE: the terminal report stays on standard output, the other one goes to the file'
          : 'give each its own file: --reporter json=run.json',
    });
  }
};
