import type { RunResult } from '../../../../src/matrix/index.ts';
import type { PageData } from '../../../../src/report/html/page-data.ts';
import { written } from '../formats/written.ts';

export interface Page {
  readonly html: string;
  /** What the script of the page reads. */
  readonly data: PageData;
}

/** The page about a run. */
export const pageOf = async (result: RunResult): Promise<Page> => {
  const html = await written('html', result);
  const [, json = ''] = /<script type="application\/json" id="data">([^<]*)<\/script>/.exec(html) ?? [];
  return { html, data: JSON.parse(json) };
};
