/** Applies podreach.yaml to a command's flags. */
import { type Command, InvalidArgumentError } from 'commander';
import { PodreachError } from '../../errors.ts';
import type { Settings } from '../../scenario/index.ts';
import { reporterList } from './values.ts';

/** The keys of podreach.yaml that stand for a flag. */
export type SettingName = Exclude<keyof Settings, 'folder' | 'scenarios'>;

/** Of podreach's own cluster. */
export const environmentSettings = [
  ...(['config', 'images', 'mirror', 'registryCa', 'nodeImage', 'calico', 'probeImage', 'ipFamily'] as const),
] satisfies readonly SettingName[];

/** What can't go with `--images build`; on the command line that flag wins. */
const PULLED: ReadonlySet<SettingName> = new Set(['mirror', 'registryCa', 'nodeImage', 'calico', 'probeImage']);

/** Sets the flags that podreach.yaml names and the command line does not. Throws a PodreachError for a wrong file. */
export const applySettings = async (command: Command, names: readonly SettingName[]): Promise<void> => {
  if (names.length === 0) return;
  const { loadSettings } = await import('../../scenario/index.ts');
  const settings = await loadSettings('.');
  if (!settings) return;
  const isGiven = (flag: string) => command.getOptionValueSource(flag) === 'cli';
  const isBuilt = isGiven('images') && command.getOptionValue('images') === 'build';
  for (const name of names) {
    const flag = name === 'reporters' ? 'reporter' : name;
    if (settings[name] === undefined || isGiven(flag) || (isBuilt && PULLED.has(name))) continue;
    const value = name === 'reporters' ? reportersOf(settings) : settings[name];
    command.setOptionValueWithSource(flag, value, 'config');
  }
};

const reportersOf = ({ reporters = [] }: Settings): readonly string[] => {
  try {
    return reporterList(reporters.join(','));
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new PodreachError(`podreach.yaml: reporters: ${error.message}`);
  }
};
