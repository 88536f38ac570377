/** The HTML around a report: one file that loads nothing, and runs nothing but its own script. */
import type { Assets } from './assets.ts';

export interface Document {
  readonly title: string;
  readonly style: string;
  readonly script?: string;
  /** Parts of HTML. */
  readonly body: Iterable<string>;
}

/** The document in parts. */
export const documentParts = async ({ title, body, ...assets }: Document): Promise<Iterable<string>> => {
  const policy = await securityPolicy(assets);
  return partsOf({ title, body, ...assets }, policy);
};

function* partsOf({ title, style, script, body }: Document, policy: string): Generator<string> {
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
`;
  yield* body;
  yield `${script === undefined ? '' : `<script type="module">${script}</script>\n`}</body>\n</html>\n`;
}

const securityPolicy = async ({ script, style }: Partial<Assets> & Pick<Assets, 'style'>): Promise<string> =>
  [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src '${await hashOf(script)}'`]),
    `style-src '${await hashOf(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');

const hashOf = async (text: string): Promise<string> => {
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
};

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Printable text as HTML that shows it. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
