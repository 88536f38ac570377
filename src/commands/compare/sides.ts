/** The two sides of a comparison, from the words of the command line. */
import { PodreachError } from '../../errors.ts';
import { quoted } from '../../text.ts';
import { commitOf, fromTop, gitIn, gitPrefix, mergeBase } from './git/index.ts';
import { isOnDisk } from './on-disk.ts';

export interface SideSource {
  /** How reports call it: `main`, `k8s/`, `stdin`. */
  readonly name: string;
  /** Of a git revision from the top of its repository, otherwise as written. */
  readonly paths: readonly string[];
  /** The path is a folder of which all counts: its scenarios at any depth, or its manifests. It may have neither. */
  readonly isWhole?: true;
  /** The git commit that has the files, and the name that places in them get. */
  readonly git?: { readonly commit: string; readonly name: string; readonly folder: string };
}

export type Sides = readonly [before: SideSource, after: SideSource];

/**
 * `before after`: paths, `-` or `REVISION:PATH`. `A..B path…`: two revisions; with three dots, B and the commit at which
 * it left A. What exists as a path is a path.
 */
export const sidesOf = async ([before = '', ...others]: readonly string[], folder = '.'): Promise<Sides> => {
  const range = RANGE.exec(before);
  if (range && !(await isOnDisk(before))) return rangeSides(range, others, folder);
  const [after, ...more] = others;
  if (after === undefined) throw new PodreachError(`${quoted(before)} is compared with nothing`, { hint: FORMS });
  if (more.length > 0) throw new PodreachError('more than two sides to compare', { hint: FORMS });
  if (before === '-' && after === '-') throw new PodreachError('standard input can be only one of the two sides');
  return [await sideOf(before, folder), await sideOf(after, folder)];
};

/** `A..B`, `A...B`; an end that is left out is HEAD. Not `../folder`, nor `a/../b`. */
const RANGE = /^(?<from>[^./\s][^\s]*?)?(?<dots>\.{2,3})(?<to>[^./\s][^\s]*)?$/;

const FORMS = 'write two paths, `main:k8s k8s`, or `main..HEAD -- k8s/`';

const rangeSides = async (
  { groups = {} }: RegExpExecArray,
  paths: readonly string[],
  folder: string,
): Promise<Sides> => {
  const { from = 'HEAD', to = 'HEAD', dots } = groups;
  const prefix = await gitPrefix(folder);
  const whole = (paths.length > 0 ? paths : ['.']).map((path) => fromTop(prefix, path));
  const isWhole = paths.length === 0 && { isWhole: true as const };
  const git = gitIn(folder);
  const [one, other] = [await commitOf(git, from), await commitOf(git, to)];
  const parting = dots === '...' ? await mergeBase(git, { name: from, commit: one }, { name: to, commit: other }) : one;
  return [
    { name: from, paths: whole, ...isWhole, git: { name: from, commit: parting, folder } },
    { name: to, paths: whole, ...isWhole, git: { name: to, commit: other, folder } },
  ];
};

const sideOf = async (text: string, folder: string): Promise<SideSource> => {
  if (text === '-') return { name: 'stdin', paths: [text] };
  const [, revision, path] = /^([^:]+):(.*)$/s.exec(text) ?? [];
  if (revision === undefined || path === undefined || (await isOnDisk(text))) return { name: text, paths: [text] };
  // As git reads it: from the top, unless the path begins with a dot.
  const prefix = /^\.{1,2}(?:\/|$)/.test(path) ? await gitPrefix(folder) : '';
  const commit = await commitOf(gitIn(folder), revision);
  return { name: text, paths: [fromTop(prefix, path)], git: { name: revision, commit, folder } };
};
