/** All reporters at once, for those who use podreach as a library. */
import { createCsv } from '../csv.ts';
import { createDot } from '../dot.ts';
import { createGithub } from '../github.ts';
import { createHtml } from '../html/html.ts';
import { createJson } from '../json.ts';
import { createJunit } from '../junit.ts';
import { createList } from '../list.ts';
import { createMarkdown } from '../markdown.ts';
import { createNdjson } from '../ndjson.ts';
import type { CreateReporter } from '../reporter.ts';
import type { ReporterName } from '../reporter-named.ts';
import { createSvg } from '../svg.ts';
import { createTap } from '../tap.ts';
import { createTerminal } from '../terminal.ts';

export { json } from '../json.ts';

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
} as const satisfies Readonly<Record<ReporterName, CreateReporter>>;
