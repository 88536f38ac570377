import { dirname, join, resolve } from 'node:path';
import { parseDocuments } from './document.ts';
import { type Problem, throwProblems } from './problem.ts';
import type { WrittenSettings } from './settings-schema.ts';
import { fullAllowance, isThere, readText, repositoryOf } from './source.ts';
import { validate } from './validate.ts';

/** What podreach.yaml says, with absolute paths. */
export interface Settings extends WrittenSettings {
  /** The folder of podreach.yaml. */
  readonly folder: string;
}

const NAME = 'podreach.yaml';

/** The nearest podreach.yaml above a folder, not beyond the repository that the folder is in. */
const settingsFile = async (from: string): Promise<string | null> => {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const file = join(folder, NAME);
    if (await isThere(file)) return file;
    if ((await isThere(join(folder, '.git'))) || folder === dirname(folder)) return null;
  }
};

/**
 * The settings that apply in a folder, or null if there are none. Throws a PodreachError with every problem of the file,
 * each as a line `file:line:column: message`.
 */
export const loadSettings = async (from: string): Promise<Settings | null> => {
  const file = await settingsFile(from);
  if (file === null) return null;
  const problems: Problem[] = [];
  const allowance = fullAllowance();
  const text = (await readText(file, await repositoryOf(file, allowance), problems)) ?? '';
  const [document, ...others] = parseDocuments(file, text, problems, allowance);
  problems.push(...(document?.faults ?? []));
  for (const extra of others) problems.push(extra.problemAt([], `a second document: ${NAME} has only one`));
  // A file that is empty, or only has comments, sets nothing.
  const isEmpty = document?.value === undefined || document.value === null;
  if (document && !isEmpty) validate(document, (await import('./settings-schema.ts')).settingsSchema, problems);
  throwProblems(problems);
  return withAbsolutePaths((isEmpty ? {} : document?.value) as WrittenSettings, dirname(file));
};

const withAbsolutePaths = (written: WrittenSettings, folder: string): Settings => {
  const at = (path: string) => resolve(folder, path);
  const { scenarios, config, registryCa, calico, reporters, history } = written;
  return {
    ...written,
    folder,
    ...(scenarios && { scenarios: scenarios.map(at) }),
    ...(config !== undefined && { config: at(config) }),
    ...(registryCa !== undefined && { registryCa: at(registryCa) }),
    ...(calico !== undefined && { calico: isVersion(calico) ? calico : at(calico) }),
    ...(history !== undefined && { history: at(history) }),
    ...(reporters && { reporters: reporters.map((one) => reporterAt(one, at)) }),
  };
};

/** As `--calico` tells a version from a file. */
const isVersion = (text: string): boolean => /^v?\d+\.\d+\.\d+(?:@|$)/.test(text);

/** `./mine.ts=out.txt`: a module and a file are paths, the name of a reporter is not. */
const reporterAt = (text: string, at: (path: string) => string): string => {
  const [name = '', ...rest] = text.split('=');
  const module = /^\.{0,2}\//.test(name) ? at(name) : name;
  return rest.length > 0 ? `${module}=${at(rest.join('='))}` : module;
};
