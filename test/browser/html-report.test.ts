import { expect } from 'chai';
import type { RunResult } from '../../src/matrix/index.ts';
import { readRun } from '../../src/report/read/run.ts';
import { json } from '../../src/report/reporters/index.ts';
import { threeRuns } from '../unit/report/formats/three-runs.ts';
import { written } from '../unit/report/formats/written.ts';
import { observedRun } from '../unit/report/html/observed-run.ts';
import { expectedOf, scenarioOf, seen, stepOf } from '../unit/report/sample-run.ts';
import { pagesFor } from './pages.ts';

/** Names that would break out of HTML, JSON in a script, or a selector. */
const HOSTILE = ']]></script ><!--<script >document.title="owned"</script><img src=x onerror=alert(1)>';

const hostileRun = (): RunResult => {
  const observed = [seen([`a/${HOSTILE}`, 'a/</script><b>', '80/TCP', 'allowed'], { detail: HOSTILE })];
  const step = stepOf(observed, expectedOf(observed, { [`a/${HOSTILE} > a/</script><b> 80/TCP`]: 'deny' }), {
    name: HOSTILE,
  });
  const warnings = [{ rule: HOSTILE, file: HOSTILE, line: 1, column: 1, message: HOSTILE }];
  return {
    timings: {},
    problem: HOSTILE,
    scenarios: [scenarioOf([step], { name: HOSTILE, intent: HOSTILE, warnings })],
  };
};

describe('the HTML report in Chromium', function () {
  this.timeout(60_000);
  const pages = pagesFor(async () => ({
    'shop.html': await written('html', await observedRun()),
    'hostile.html': await written('html', hostileRun()),
    'three.html': await written('html', threeRuns),
    'three.svg': await written('svg', threeRuns),
  }));
  /** The accessible name of what has the focus. */
  const focused = (): Promise<string> =>
    pages.page.evaluate(() => {
      const { activeElement: found } = document;
      return found?.getAttribute('title') ?? found?.textContent ?? '';
    });

  it('opens a mismatch, a broken probe and a flaky cell, as a page and as a picture', async () => {
    await pages.open('three.html');
    const text = await pages.textOf('#report');
    for (const words of [/differs/, /breaks/, /wavers/]) expect(text).to.match(words);
    await pages.show('three.svg');
    const titles = await pages.page.$$eval('title', (all) =>
      all.map(({ textContent }) => textContent ?? '').join('\n'),
    );
    for (const words of [/expected blocked/, /nothing is known/, /flaky/]) expect(titles).to.match(words);
  });

  it('opens at the step that did not pass, with its findings first', async () => {
    await pages.open('shop.html');
    expect(await pages.page.title()).to.equal('podreach: 1 scenario with 2 steps: 1 error');
    expect(await pages.textOf('.steps [aria-current]')).to.equal('2. database closed: error');
    const findings = await pages.page.$$eval('.findings .cell-name', (all) =>
      all.map(({ textContent }) => textContent),
    );
    expect(findings).to.deep.equal([
      'prod/web → prod/db 5432/TCP',
      'dev/client → prod/db 5432/TCP',
      'prod/db → prod/web 80/TCP',
      'dev/client → prod/db 9187/TCP',
    ]);
    expect(await pages.textOf('.flips'))
      .to.contain('closed since the step before')
      .and.to.contain('prod/web → prod/db 5432/TCP');
  });

  it('shows how the change took effect: times, and a strip for each cell, what is wrong first', async () => {
    await pages.open('shop.html');
    expect(await pages.textOf('.times tbody tr')).to.equal('closed  n1 → n2140 ms40 ms40 ms40 ms3');
    const strips = await pages.page.$$eval('.strips li', (all) =>
      all.map((one) => [
        one.textContent,
        [...one.querySelectorAll('.strip-open')].map((bar) => bar.getBoundingClientRect().width > 10),
      ]),
    );
    expect(strips).to.deep.equal([
      ['dev/client → prod/db 5432/TCPnot enforced after 30.0 s: still open, 1990 connections got through', [true]],
      ['prod/web → prod/db 9187/TCPno connection of the recorder showed whether it is open', []],
      ['dev/client → prod/db 9187/TCPclosed after 40 ms', [true]],
    ]);
    expect(await pages.textOf('.message')).to.contain('dev/client -> prod/db 5432/TCP: not enforced after 30.0 s');
  });

  it('shows what is known about a cell that is clicked, and links to it', async () => {
    await pages.open('shop.html');
    await pages.page.click('[title^="prod/web → prod/db 5432/TCP"]');
    const panel = await pages.textOf('.panel');
    expect(panel).to.contain('Blocked (no answer), expected allowed.');
    expect(panel).to.contain('The policy is not what you expected');
    expect(panel).to.contain('nc: timed out after 1200 ms').and.to.contain('once');
    expect(panel).to.contain('prod/web has app=web, not app=wbe');
    expect(panel).to.contain('change app=wbe to app=web in the podSelector of');
    expect(panel).to.contain('kubectl exec prod/web -- nc prod/db');
    const marked = await pages.page.$$eval('.code-line.marked', (lines) => lines.map(({ textContent }) => textContent));
    expect(marked).to.deep.equal(['▸1apiVersion: networking.k8s.io/v1', '▸11    - from:']);

    const { hash } = new URL(pages.page.url());
    await pages.open('shop.html', '#nothing');
    expect(await pages.isThere('.panel')).to.equal(false);
    await pages.open('shop.html', hash);
    expect(await pages.textOf('.panel h3')).to.equal('prod/web → prod/db 5432/TCP');
    expect(new URL(pages.page.url()).hash).to.equal(hash);
  });

  it('says which rules decide a cell that is as expected', async () => {
    await pages.open('shop.html');
    await pages.page.click('[title^="prod/web → prod/db 9187/TCP"]');
    expect(await pages.textOf('.panel'))
      .to.contain('Egress of prod/web: allowed, no policy selects it for egress')
      .and.to.contain('Ingress of prod/db: denied: selected by prod/db, of which no rule lets it through');
  });

  it('is used with the keyboard: arrows in the grid, Enter, Escape', async () => {
    await pages.open('shop.html');
    const stops = await pages.page.$$eval('[role=grid] [tabindex="0"]', (all) => all.length);
    expect(stops).to.equal(1);
    await pages.page.focus('[role=grid] [tabindex="0"]');
    const first = await focused();
    await pages.page.keyboard.press('ArrowRight');
    const second = await focused();
    expect(second).not.to.equal(first);
    await pages.page.keyboard.press('ArrowDown');
    await pages.page.keyboard.press('ArrowUp');
    expect(await focused()).to.equal(second);
    await pages.page.keyboard.press('Enter');
    expect(second).to.contain(await focused());
    expect(await pages.isThere('.panel')).to.equal(true);
    await pages.page.keyboard.press('Escape');
    expect(await pages.isThere('.panel')).to.equal(false);
    expect(await focused()).to.equal(second);
    await pages.page.keyboard.down('Control');
    await pages.page.keyboard.press('End');
    await pages.page.keyboard.up('Control');
    const place = await pages.page.evaluate(() => document.activeElement?.parentElement?.getAttribute('aria-rowindex'));
    expect(place).to.equal(await pages.page.$eval('[role=grid]', (grid) => grid.getAttribute('aria-rowcount')));
  });

  it('filters by namespace, name and result, and tells a screen reader', async () => {
    await pages.open('shop.html');
    await pages.page.select('#from-namespace', 'dev');
    expect(await pages.textOf('[role=status]')).to.equal('1 row and 3 columns shown');
    await pages.page.type('#to-text', 'DB');
    expect(await pages.textOf('[role=status]')).to.equal('1 row and 2 columns shown');
    await pages.page.select('#verdict', 'status:error');
    expect(await pages.textOf('[role=status]')).to.equal('1 row and 1 column shown');
    await pages.page.type('#to-text', 'no such pod');
    expect(await pages.textOf('.matrix')).to.equal('No cell fits this filter.');
    await pages.page.click('.findings .cell-link');
    expect(await pages.textOf('.panel h3')).to.equal('prod/web → prod/db 5432/TCP');
  });

  it('shows names as they are, whatever they contain', async () => {
    await pages.open('hostile.html');
    expect(await pages.page.title()).to.equal('podreach: 1 scenario: 1 failed');
    expect(await pages.page.$$eval('script, img, b', (all) => all.length)).to.equal(2);
    await pages.page.click('.cell-link');
    expect(await pages.textOf('.panel h3')).to.equal(`a/${HOSTILE} → a/</script><b> 80/TCP`);
    expect(await pages.textOf('.said')).to.equal(HOSTILE);
    const { hash } = new URL(pages.page.url());
    await pages.open('hostile.html', hash);
    expect(await pages.isThere('.panel')).to.equal(true);
    expect(await pages.page.title()).to.equal('podreach: 1 scenario: 1 failed');
  });

  it('is the same when it is drawn from the JSON report', async () => {
    const run = await observedRun();
    const again = readRun(JSON.parse([...json(run)].join('')));
    expect(await written('html', again)).to.equal(await written('html', run));
  });
});
