import { printable } from '../text.ts';

type Value = string | number | boolean | null | undefined;

/** A line of comma-separated values (RFC 4180). */
export const csvLine = (values: readonly Value[]): string => `${values.map(field).join(',')}\r\n`;

/**
 * A spreadsheet runs what begins like a formula; an apostrophe makes it text. GitHub runs a line that begins with colons;
 * a quote before them makes it text.
 */
const field = (value: Value): string => {
  const text = printable(`${value ?? ''}`);
  const safe = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",]|^[\s:]|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
