/** The HTML report: what a person opens first. */
import type { ComparedResult } from '../../compare/index.ts';
import type { RunResult } from '../../matrix/index.ts';
import { excerpt } from '../../text.ts';
import type { CreateReporter } from '../reporter.ts';
import { loadAssets } from './assets.ts';
import { comparedBody } from './compared-body.ts';
import { documentParts } from './document.ts';
import { runBody } from './run-body.ts';
import { runData } from './run-data.ts';

export const createHtml: CreateReporter = () => ({ onEnd: runPage, onCompared: comparedPage });

const TITLE_CODE_POINTS = 200;

const runPage = async (result: RunResult): Promise<Iterable<string>> => {
  const data = runData(result);
  const title = `podreach: ${data.summary[0] ?? 'no scenario was run'}`;
  return documentParts({ title, ...(await loadAssets()), body: runBody(data) });
};

const comparedPage = async (result: ComparedResult): Promise<Iterable<string>> => {
  const { style } = await loadAssets();
  const title = `podreach: ${excerpt(`${result.before} → ${result.after}`, TITLE_CODE_POINTS)}`;
  return documentParts({ title, style, body: comparedBody(result) });
};
