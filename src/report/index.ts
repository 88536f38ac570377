import { createCsv } from './csv.ts';
import { createDot } from './dot.ts';
import { createGithub } from './github.ts';
import { createHtml } from './html/html.ts';
import { createJson, json } from './json.ts';
import { createJunit } from './junit.ts';
import { createList } from './list.ts';
import { createMarkdown } from './markdown.ts';
import { createNdjson } from './ndjson.ts';
import type { CreateReporter } from './reporter.ts';
import { createSvg } from './svg.ts';
import { createTap } from './tap.ts';
import { createTerminal, stepText, terminal } from './terminal.ts';

export { excerpt, printable, printableLines } from '../text.ts';
export { wrapped } from '../wrap.ts';
export { advisedJson } from './advise/json.ts';
export { policyYaml } from './advise/manifest.ts';
export { advisedSummary } from './advise/summary.ts';
export { coloursOf } from './colours.ts';
export { comparedExitCode } from './compare/verdict.ts';
export { diagnosisExitCode } from './diagnose/exit-code.ts';
export { diagnosisJson } from './diagnose/json.ts';
export type { StepOptions } from './diagnose/steps.ts';
export { diagnosisText } from './diagnose/text.ts';
export { exitCodeOf } from './exit-code.ts';
export { explanationLines, explanationSummary } from './explain/explanation.ts';
export { explanationJson } from './explain/json.ts';
export { historyJson } from './history/json.ts';
export { historyLines } from './history/text.ts';
export { readRun } from './json-read.ts';
export type { LogSections } from './log-section.ts';
export { bundleTexts } from './minimize/bundle-texts.ts';
export { minimizedJson } from './minimize/json.ts';
export { minimizedReadme, minimizedText } from './minimize/text.ts';
export { cellText, findingText } from './minimize/words.ts';
export { mutationJson } from './mutation/json.ts';
export { mutationExitCode } from './mutation/live.ts';
export { mutationText } from './mutation/text.ts';
export { noteLine, noteText } from './note.ts';
export { scenarioTookMs } from './outcome.ts';
export type { CreateReporter, Reporter, ReporterOptions } from './reporter.ts';
export { type Order, type OrderProof, rolloutExitCode, type ShownRollout } from './rollout/shown.ts';
export { watchExitCode } from './watch/exit-code.ts';
export { watchJson } from './watch/json.ts';
export { watchScreen } from './watch/screen.ts';
export { eventText, watchSummary } from './watch/words.ts';
export { json, stepText, terminal };

/** The reporters by their names for `--reporter`. */
export const reporters = {
  terminal: createTerminal,
  list: createList,
  json: createJson,
  ndjson: createNdjson,
  junit: createJunit,
  github: createGithub,
  markdown: createMarkdown,
  html: createHtml,
  csv: createCsv,
  tap: createTap,
  svg: createSvg,
  dot: createDot,
} as const satisfies Readonly<Record<string, CreateReporter>>;
export { routeText } from './explain/route.ts';
