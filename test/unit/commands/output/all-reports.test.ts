import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { marked } from 'marked';
import { chooseReports } from '../../../../src/commands/output/choose-reports.ts';
import { reporting } from '../../../../src/commands/output/reporting.ts';
import { tellScenario } from '../../../../src/matrix/index.ts';
import { readRun } from '../../../../src/report/read/index.ts';
import { commandsRun } from '../../report/commands-run.ts';
import { threeRuns } from '../../report/formats/three-runs.ts';
import { requireJunit, requireXml } from '../../report/formats/xml-tool.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

/** Of each, what the mismatch, the broken probe and the flaky cell became; Chromium opens the page in test/browser. */
const SAYS: Readonly<Record<string, readonly RegExp[]>> = {
  list: [/failed +differs/, /error +breaks/, /failed +wavers/],
  json: [/"status": "mismatch"/, /"status": "error"/, /"status": "flaky"/],
  ndjson: [/"status":"mismatch"/, /"status":"error"/, /"status":"flaky"/],
  junit: [
    /<failure message="1 cell not as expected"/,
    /<error message="1 cell broken"/,
    /<failure message="1 cell flaky"/,
  ],
  markdown: [/&#58; expected deny&#44; seen allowed/, /the pod is gone/, /flaky in 3 attempts/],
  html: [/"differs"/, /"breaks"/, /"wavers"/],
  csv: [/,mismatch,/, /,error,/, /,flaky,/],
  tap: [/not ok 2 - differs/, /not ok 3 - breaks/, /not ok 4 - wavers/],
  svg: [/differs/, /breaks/, /wavers/],
  dot: [/differs/, /breaks/, /wavers/],
};

describe('every report of one run at once', () => {
  it('is complete, and each file is what its reader takes', () =>
    inFolder({}, async (folder) => {
      const files = Object.keys(SAYS).map((name) => `${name}=${join(folder, name)}`);
      const terminal = fakeTerminal();
      const reports = await chooseReports({ reporter: ['terminal', 'github', ...files] });
      await reporting(reports, { scenarios: threeRuns.scenarios }, terminal, async (events) => {
        for (const scenario of threeRuns.scenarios) tellScenario(scenario, events);
        return threeRuns;
      });
      for (const words of [/^failed {2}differs/m, /^error {2}breaks/m, /^failed {2}wavers/m, /^::error file=/m])
        expect(terminal.printed()).to.match(words);
      const texts: Record<string, string> = {};
      for (const [name, says] of Object.entries(SAYS)) {
        const text = await readFile(join(folder, name), 'utf8');
        texts[name] = text;
        for (const words of says) expect(text, name).to.match(words);
      }
      const { json = '', junit = '', svg = '', markdown = '' } = texts;
      expect(readRun(JSON.parse(json)).scenarios).to.have.length(5);
      requireJunit(junit);
      requireXml(svg);
      const rows = (marked.parse(markdown, { async: false }).match(/<tr>.*?<\/tr>/gs) ?? []).slice(1);
      expect(rows.map((row) => /<code>(\w+)<\/code>/.exec(row)?.[1])).to.have.members(
        threeRuns.scenarios.map(({ name }) => name),
      );
    }));

  it("runs no command of GitHub but podreach's own, however slow standard output is", async () => {
    const fake = fakeTerminal();
    const terminal = {
      ...fake,
      print: (text: string | Iterable<string>) => fake.print(text).then(() => setImmediate()),
    };
    const chosen = await chooseReports({ reporter: ['github', 'terminal'] });
    const reports = chosen.map((report) => ({ ...report, sections: 'github' as const }));
    await reporting(reports, { scenarios: threeRuns.scenarios }, terminal, async (events) => {
      for (const scenario of threeRuns.scenarios) tellScenario(scenario, events);
      return threeRuns;
    });
    const commands = commandsRun(terminal.printed()).map((command) => /^::\w+/.exec(command)?.[0]);
    const groups = threeRuns.scenarios.flatMap(() => ['::group', '::endgroup']);
    expect(commands.slice(0, groups.length)).to.deep.equal(groups);
    expect(new Set(commands.slice(groups.length))).to.deep.equal(new Set(['::error']));
  });
});
