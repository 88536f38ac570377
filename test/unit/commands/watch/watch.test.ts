import { expect } from 'chai';
import { duration } from '../../../../src/commands/flags/values.ts';
import { runCli } from '../../../../src/commands/program.ts';
import { createWatchView } from '../../../../src/commands/watch/view.ts';
import { PodreachError } from '../../../../src/errors.ts';
import type { WatchEvent, WatchResult } from '../../../../src/watch/index.ts';
import { failureOf } from '../../failure-of.ts';
import { fakeTerminal } from '../fake-terminal.ts';

describe('watch', () => {
  it('takes one scenario, or pods of a cluster that is named', async () => {
    const many = await failureOf(runCli(['watch', 'scenarios/steps'], fakeTerminal()));
    expect(many).to.be.instanceOf(PodreachError);
    expect(many.message).to.match(/^scenarios\/steps contains \d+ scenarios, but watch takes one$/);
    const both = await failureOf(runCli(['watch', 'scenarios/deny-all', '--port', '80'], fakeTerminal()));
    expect(both.message).to.contain('choose among running pods');
    const neither = await failureOf(runCli(['watch'], fakeTerminal()));
    expect(neither.message).to.equal('there is nothing to watch');
    const pods = await failureOf(runCli(['watch', '-n', 'prod', '--kubeconfig', '/nowhere'], fakeTerminal()));
    expect(pods).to.be.instanceOf(PodreachError);
  });

  it('ends with 2 on a time that is none', async () => {
    const terminal = fakeTerminal();
    expect(await runCli(['watch', 'scenarios/deny-all', '--for', '10'], terminal)).to.equal(2);
    expect(terminal.complained()).to.contain('It must be a time like 30s, 10m or 2h');
  });

  it('reads times', () => {
    expect(['500ms', '30s', '10m', '2h', '168h'].map(duration)).to.deep.equal([
      ...[500, 30_000, 600_000, 7_200_000, 604_800_000],
    ]);
    for (const text of ['', '0s', '1.5s', '-1s', '1d', '169h', '999999999h'])
      expect(() => duration(text)).to.throw(/30s/);
  });
});

describe('the view of a watch', () => {
  const probe = { from: 'dev/a', to: 'prod/web', port: 80, protocol: 'TCP' as const };
  const flip: WatchEvent = { kind: 'flip', probe, atMs: 1_000, open: true, afterMs: 950, lastedMs: null };
  const LINE = '00:00:01.000  opened  dev/a -> prod/web 80/TCP';
  const at = (toMs: number): WatchResult => ({
    ...{ fromMs: 0, toMs, tickMs: 50 },
    cells: [{ ...probe, by: 'recorder', open: true, seenMs: toMs, samples: 1, lost: 0, flips: [], gaps: [] }],
  });

  it('is a line for each event without a terminal, and on standard error beside JSON', () => {
    const [plain, json] = [fakeTerminal(), fakeTerminal()];
    for (const [terminal, reporter] of [
      [plain, 'terminal'],
      [json, 'json'],
    ] as const) {
      const view = createWatchView(terminal, reporter);
      view.begin();
      view.onEvent(flip);
      view.onState(at(5_000));
      view.end();
    }
    expect(plain.printed()).to.equal(`${LINE}\n`);
    expect(json.printed()).to.equal('');
    expect(json.notes).to.deep.equal(['watching; Ctrl-C ends it', LINE]);
  });

  it('draws the matrix on a terminal, at once if there is news, otherwise twice a second', () => {
    const terminal = { ...fakeTerminal(), width: 80 };
    const view = createWatchView(terminal, 'terminal');
    const drawn = () => terminal.printed().split('\x1b[H').length - 1;
    view.begin();
    const before = drawn();
    for (const toMs of [1_000, 1_100, 1_400, 1_500]) view.onState(at(toMs));
    expect(drawn() - before).to.equal(2);
    for (let times = 0; times < 12; times += 1) view.onEvent(flip);
    view.onState(at(1_501));
    expect(drawn() - before).to.equal(3);
    const screen = terminal.printed().slice(terminal.printed().lastIndexOf('\x1b[H'));
    expect(screen.split(LINE)).to.have.length(11);
    expect(screen).to.contain('prod/web');
    expect(screen.endsWith('\x1b[J')).to.equal(true);
  });
});
