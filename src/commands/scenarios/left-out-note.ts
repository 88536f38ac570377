import type { LeftOut } from '../../scenario/index.ts';
import { listed, plural, printable } from '../../text.ts';

const FOLDERS_AT_MOST = 3;

/** `83 scenarios in a, b are not taken: …`, and what takes them; nothing if there are none. */
export const leftOutNote = (all: readonly LeftOut[]): readonly string[] => {
  if (all.length === 0) return [];
  const count = all.reduce((sum, one) => sum + one.count, 0);
  const folders = listed(
    all.flatMap((one) => one.folders),
    FOLDERS_AT_MOST,
  );
  const more = all.some(({ isCut }) => isCut) ? 'at least ' : '';
  const patterns = all.map(({ folder }) => `'${folder === '.' ? '' : `${folder}/`}**'`).join(' ');
  const what = `${more}${plural(count, 'scenario')} in ${folders} ${count === 1 ? 'is' : 'are'} not taken`;
  return [printable(`${what}: a folder is searched one level deep; ${patterns} takes all below it`)];
};
