/** The body of the page about a run: its data, from which the script draws it, and the gist where scripts are off. */
import { escaped } from './document.ts';
import type { PageData } from './page-data.ts';

const LISTED_AT_MOST = 200;

/** A text of others never spans two parts. */
export function* runBody(data: PageData): Generator<string> {
  yield `<noscript>
<h1>podreach report</h1>
<p>The matrices need JavaScript, which is off here. In short:</p>
<ul>
${listOf([...data.messages, ...data.summary])}
</ul>
<ul>
${listOf(data.scenarios.slice(0, LISTED_AT_MOST).map(({ word, name }) => `${word}: ${name}`))}
</ul>
</noscript>
<div id="report"></div>
<script type="application/json" id="data">`;
  yield* jsonParts(data);
  yield '</script>\n';
}

const listOf = (lines: readonly string[]): string => lines.map((line) => `<li>${escaped(line)}</li>`).join('\n');

/** A scenario at a time. */
function* jsonParts({ scenarios, ...rest }: PageData): Generator<string> {
  yield `${inScript(JSON.stringify(rest)).slice(0, -1)},"scenarios":[\n`;
  for (const [index, scenario] of scenarios.entries())
    yield `${index === 0 ? '' : ',\n'}${inScript(JSON.stringify(scenario))}`;
  yield '\n]}';
}

/** The same JSON without a character that HTML knows, so nothing in it can end the element. */
const inScript = (json: string): string => json.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
