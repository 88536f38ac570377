/** The policies of a scenario with their lines, and the places in them. */
import type { CellExplanation, PolicyText } from '../../matrix/index.ts';
import { excerpt, printable } from '../../text.ts';
import type { Allowance } from './allowance.ts';
import type { PageLine, PagePolicy } from './page-data.ts';

const LINE_CODE_POINTS = 400;

export interface PolicyData {
  readonly policies: readonly PagePolicy[];
  /** undefined if the page does not have that policy. */
  readonly lineAt: (file: string, line: number) => PageLine | undefined;
}

/** Those that explanations name come first. */
export const policiesOf = (
  policies: readonly PolicyText[],
  steps: readonly { readonly explanations: readonly CellExplanation[] }[],
  allowance: Allowance,
): PolicyData => {
  const named = new Set(
    steps.flatMap(({ explanations }) => explanations.flatMap(({ places }) => places.map(({ file }) => file))),
  );
  const ranked = policies.toSorted((one, other) => Number(named.has(other.file)) - Number(named.has(one.file)));
  const kept = ranked.filter(({ text }) => allowance.take(text.length));
  const ofFile = Map.groupBy(kept.keys(), (index) => (kept[index] as PolicyText).file);
  const lineAt = (file: string, line: number): PageLine | undefined => {
    const found = ofFile.get(file)?.find((index) => {
      const { line: first, text } = kept[index] as PolicyText;
      return line >= first && line < first + text.split('\n').length;
    });
    return found === undefined ? undefined : [found, line];
  };
  return { policies: kept.map(policyOf), lineAt };
};

const policyOf = ({ name, file, line, text }: PolicyText): PagePolicy => ({
  ...{ name: printable(name), file: printable(file), line },
  lines: text.split('\n').map((one) => excerpt(one.replace(/\r$/, '').replaceAll('\t', '  '), LINE_CODE_POINTS)),
});
