/** Which scenarios a command works on. */
import { type FlagsOf, parsed, text, toggle } from './flag.ts';
import { pattern, tagList } from './values.ts';

/** Which scenarios a command works on, of those that its paths hold. */
export interface Selection {
  readonly grep?: RegExp;
  readonly grepInvert?: RegExp;
  /** At least one of each list. */
  readonly tag?: readonly (readonly string[])[];
  readonly forbidOnly?: boolean;
  readonly passWithNoTests?: boolean;
}

/** The flags that select scenarios. */
export interface ChoiceFlags extends Selection {
  readonly namespace?: string;
  readonly lastFailed?: boolean;
  readonly list?: boolean;
}

export const pathsArgument = [
  '[paths...]',
  'scenario folders, or folders of them (default: podreach.yaml, or all below this folder); or Kubernetes manifests: files, folders, - for stdin',
] as const;

export const choiceFlags = (): FlagsOf<ChoiceFlags> => ({
  grep: parsed('--grep <pattern>', 'only scenarios whose name matches this regular expression', pattern),
  grepInvert: parsed('--grep-invert <pattern>', 'only scenarios whose name does not match it', pattern),
  tag: parsed(
    '--tag <tags>',
    'only scenarios with one of these tags (nightly,dns); repeated: with one of each',
    tagList,
  ),
  lastFailed: toggle('--last-failed', 'only scenarios that did not pass when they last ran in this folder'),
  list: toggle('--list', 'print the names, files and tags of the scenarios, and do nothing with them'),
  forbidOnly: toggle('--forbid-only', 'fail if a scenario has `only: true`'),
  passWithNoTests: toggle('--pass-with-no-tests', 'exit 0 if no scenario is found or selected'),
  namespace: namespaceFlag(),
});

export const namespaceFlag = () =>
  text('-n, --namespace <name>', 'for manifests without a scenario: the namespace of objects that name none');
