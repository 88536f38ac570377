/** What `--reporter` asks for, read without loading a reporter. */
import type { ReporterName } from '../../report/index.ts';

/** A report that was asked for. */
export interface ReportChoice {
  /** The reporter's name, or the path of its module. */
  readonly name: string;
  /** Where it goes; standard output by default. */
  readonly file?: string;
}

/** Reads `name` or `name=file`. */
export const readChoice = (text: string): ReportChoice => {
  const sign = text.indexOf('=');
  return sign < 0 ? { name: text } : { name: text.slice(0, sign), file: text.slice(sign + 1) };
};

/** Whether `--reporter` names a module of the user's own, by its path. */
export const isModule = (name: string): boolean => /[/\\]|\.[cm]?[jt]s$/.test(name);

/** The names of all reporters; the type checker compares them with those there are. */
export const REPORTERS: readonly string[] = Object.keys({
  terminal: true,
  list: true,
  json: true,
  ndjson: true,
  junit: true,
  github: true,
  markdown: true,
  html: true,
  csv: true,
  tap: true,
  svg: true,
  dot: true,
} satisfies Record<ReporterName, true>);
