import type { CreateReporter } from './reporter.ts';

/** The reporters by their names for `--reporter`, each loaded when it is asked for: a command writes one or two of them. */
const LOADERS = {
  terminal: async () => (await import('./terminal.ts')).createTerminal,
  list: async () => (await import('./list.ts')).createList,
  json: async () => (await import('./json.ts')).createJson,
  ndjson: async () => (await import('./ndjson.ts')).createNdjson,
  junit: async () => (await import('./junit.ts')).createJunit,
  github: async () => (await import('./github.ts')).createGithub,
  markdown: async () => (await import('./markdown.ts')).createMarkdown,
  html: async () => (await import('./html/html.ts')).createHtml,
  csv: async () => (await import('./csv.ts')).createCsv,
  tap: async () => (await import('./tap.ts')).createTap,
  svg: async () => (await import('./svg.ts')).createSvg,
  dot: async () => (await import('./dot.ts')).createDot,
} as const satisfies Readonly<Record<string, () => Promise<CreateReporter>>>;

export type ReporterName = keyof typeof LOADERS;

export const isReporterName = (name: string): name is ReporterName => Object.hasOwn(LOADERS, name);

export const reporterNamed = (name: ReporterName): Promise<CreateReporter> => LOADERS[name]();
