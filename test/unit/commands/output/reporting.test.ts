import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Report } from '../../../../src/commands/output/choose-reports.ts';
import { reporting } from '../../../../src/commands/output/reporting.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { type RunEvents, type RunResult, tellScenario } from '../../../../src/matrix/index.ts';
import { type Reporter, terminal as terminalText } from '../../../../src/report/index.ts';
import { json, reporters } from '../../../../src/report/reporters/index.ts';
import { keepSecret } from '../../../../src/secrets.ts';
import { failureOf } from '../../failure-of.ts';
import { runOf, sampleRun, scenarioOf, seen, stepOf } from '../../report/sample-run.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const asTerminal: Report = { name: 'terminal', create: reporters.terminal };
const asJson = (file: string): Report => ({ name: 'json', create: reporters.json, file });
const own = (reporter: Reporter, file?: string): Report => ({
  name: './mine.ts',
  create: () => reporter,
  ...(file !== undefined && { file }),
});

/** Reports a run whose scenarios end one after the other. */
const report = (result: RunResult, reports: readonly Report[], terminal = fakeTerminal()) =>
  reporting(reports, { scenarios: result.scenarios }, terminal, async (events) => {
    for (const scenario of result.scenarios) tellScenario(scenario, events);
    return result;
  });

const two = runOf(
  scenarioOf([stepOf([seen(['a/x', 'a/y', '80/TCP', 'allowed'])])], { name: 'one' }),
  scenarioOf([stepOf([seen(['a/x', 'a/y', '80/TCP', 'dropped'])])], { name: 'two' }),
);

describe('reporting', () => {
  it('writes the other report where one fails, and says why', async () => {
    const failing = asJson('/nowhere/run.json');
    for (const reports of [
      [asTerminal, failing],
      [failing, asTerminal],
    ]) {
      const terminal = fakeTerminal();
      const failure = await failureOf(report(sampleRun, reports, terminal));
      expect(failure).to.be.instanceOf(PodreachError);
      expect(failure.message).to.match(
        /^the report can't be written to \/nowhere\/run\.json: no such file or directory \(ENOENT\)$/,
      );
      expect(failure.hint).to.equal('does its folder exist?');
      expect(terminal.printed()).to.contain('scenario');
    }
  });

  it('says what broke the run, too, if a report fails', async () => {
    const broken = { ...sampleRun, problem: 'the cluster is gone', hint: 'look' };
    const { message, hint } = await failureOf(report(broken, [asJson('/nowhere/run.json')]));
    expect(message).to.match(/^the cluster is gone\nthe report can't be written/);
    expect(hint).to.equal('look\ndoes its folder exist?');
  });

  it('keeps secrets out of the file', () =>
    inFolder({}, async (folder) => {
      keepSecret('echoed-by-a-server');
      const output = join(folder, 'run.json');
      await report(runOf(scenarioOf([], { intent: 'it said echoed-by-a-server' })), [asJson(output)]);
      expect(JSON.parse(await readFile(output, 'utf8')).scenarios[0].intent).to.equal('it said [secret]');
    }));

  it('lets GitHub run commands again where the run breaks before anything is judged', async () => {
    const terminal = fakeTerminal();
    const github: Report = { name: 'github', create: reporters.github };
    const failure = new PodreachError('no cluster');
    const act = reporting([github], { scenarios: [] }, terminal, () => Promise.reject(failure));
    expect(await failureOf(act)).to.equal(failure);
    expect(terminal.printed()).to.match(/^::stop-commands::([0-9a-f-]{36})\n::\1::\n$/);
  });

  it('passes everything to each reporter, in order, and returns the result', async () => {
    const told: string[] = [];
    const mine: Reporter = {
      onBegin: ({ scenarios, predicted }) => void told.push(`begin ${scenarios.length} ${predicted}`),
      // Slower than what comes next.
      onStepEnd: async (step, scenario) => {
        await sleep(20);
        told.push(`step ${step.name} of ${scenario.name}`);
      },
      onScenarioEnd: ({ name, status }) => void told.push(`${name} ${status}`),
      onEnd: ({ scenarios }) => void told.push(`end ${scenarios.length}`),
    };
    expect(await report(two, [own(mine)])).to.equal(two);
    expect(told).to.deep.equal([
      ...['begin 2 undefined', 'step only of one', 'one pass', 'step only of two', 'two pass', 'end 2'],
    ]);
  });

  it('prints a scenario when it ends, and the same in all as of the whole result', async () => {
    const terminal = fakeTerminal();
    const [first, second] = two.scenarios;
    if (!first || !second) return expect.fail('no scenarios');
    await reporting([asTerminal], { scenarios: two.scenarios }, terminal, async (events: RunEvents) => {
      tellScenario(first, events);
      await sleep(0);
      expect(terminal.printed())
        .to.match(/^passed {2}one/)
        .and.not.to.contain('two');
      tellScenario(second, events);
      return two;
    });
    expect(terminal.printed()).to.equal(terminalText(two, { colour: false }));
  });

  it('says of a prediction that it is one', async () => {
    const terminal = fakeTerminal();
    await reporting([asTerminal], { scenarios: [], predicted: true }, terminal, async (events) => {
      for (const scenario of two.scenarios) tellScenario(scenario, events);
      return { ...two, predicted: true };
    });
    expect(terminal.printed()).to.equal(terminalText({ ...two, predicted: true }, { colour: false }));
  });

  it('writes several at once, each to its own place, without colour into a file', () =>
    inFolder({}, async (folder) => {
      const terminal = { ...fakeTerminal(), colour: true };
      const at = (name: string) => join(folder, name);
      const text = { ...asTerminal, file: at('run.txt') };
      await report(two, [asTerminal, text, asJson(at('run.json'))], terminal);
      expect(terminal.printed()).to.contain('\u001b[');
      expect(await readFile(at('run.txt'), 'utf8')).to.equal(terminalText(two, { colour: false }));
      expect(await readFile(at('run.json'), 'utf8')).to.equal([...json(two)].join(''));
    }));

  it('hears no more of a reporter that failed, keeps its file as it was, and goes on with the others', () =>
    inFolder({ mine: 'before' }, async (folder) => {
      let calls = 0;
      const mine: Reporter = {
        onBegin: () => 'begun',
        onScenarioEnd: () => {
          calls += 1;
          throw new TypeError('no such column');
        },
        onEnd: () => 'end',
      };
      const terminal = fakeTerminal();
      const failure = await failureOf(report(two, [own(mine, join(folder, 'mine')), asTerminal], terminal));
      expect(failure).to.be.instanceOf(PodreachError);
      expect(failure.message).to.equal('the reporter ./mine.ts failed: TypeError: no such column');
      expect(calls).to.equal(1);
      expect(terminal.printed()).to.equal(terminalText(two, { colour: false }));
      expect(await readdir(folder)).to.deep.equal(['mine']);
      expect(await readFile(join(folder, 'mine'), 'utf8')).to.equal('before');
    }));

  it('reports nothing if the work throws, and leaves no file', () =>
    inFolder({}, async (folder) => {
      const terminal = fakeTerminal();
      const text = { ...asTerminal, file: join(folder, 'run.txt') };
      const work = reporting([text, asTerminal], { scenarios: [] }, terminal, async (events) => {
        for (const scenario of two.scenarios) tellScenario(scenario, events);
        throw new PodreachError('the cluster is gone');
      });
      expect((await failureOf(work)).message).to.equal('the cluster is gone');
      expect(await readdir(folder)).to.deep.equal([]);
    }));
});
