import type { Finding } from '../../minimize/index.ts';
import { jsonText } from '../json-text.ts';
import { doubtsOf, findingText } from './words.ts';

/** The same as data. */
export const minimizedJson = (finding: Finding, written: readonly string[]): string => {
  const { scenario, file, step, mismatch, before, after, tries, unsure, isMinimal, confirmed } = finding;
  return jsonText({
    schema: 'podreach/minimize/v1',
    ...{ scenario, file, step, mismatch, before, after, tries, unsure, isMinimal, confirmed },
    finding: findingText(mismatch, after),
    doubts: doubtsOf(finding),
    written,
  });
};
