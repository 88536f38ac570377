import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import type { RunResult } from '../../src/matrix/index.ts';
import { json } from '../../src/report/index.ts';
import { readRun } from '../../src/report/json-read.ts';
import { compared, written } from '../unit/report/formats/written.ts';
import { largeRun } from '../unit/report/html/large-run.ts';
import { observedRun } from '../unit/report/html/observed-run.ts';
import { sampleComparison } from '../unit/report/html/sample-comparison.ts';
import { expectedOf, scenarioOf, seen, stepOf } from '../unit/report/sample-run.ts';
import { startChromium } from './chromium.ts';

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
  let browser: Browser;
  let folder: string;
  let page: Page;
  /** What the page should not do: break, ask for something, be stopped by its own policy. */
  let complaints: string[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podreach-browser-'));
    browser = await startChromium();
    await writeFile(join(folder, 'shop.html'), await written('html', await observedRun()));
    await writeFile(join(folder, 'hostile.html'), await written('html', hostileRun()));
  });
  after(async () => {
    await browser?.close();
    await rm(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!/^(?:file|data|about):/.test(request.url())) complaints.push(request.url());
    });
    await page.setViewport({ width: 1280, height: 900 });
  });
  afterEach(async () => {
    expect(complaints).to.deep.equal([]);
    await page.close();
  });

  const open = async (name: string, fragment = ''): Promise<void> => {
    // Another fragment alone would not load the page again.
    await page.goto('about:blank');
    await page.goto(`${pathToFileURL(join(folder, name))}${fragment}`);
    await page.waitForSelector('html[data-ready]');
  };
  const textOf = (selector: string): Promise<string> => page.$eval(selector, (found) => found.textContent ?? '');
  const isThere = async (selector: string): Promise<boolean> => (await page.$(selector)) !== null;
  /** The accessible name of what has the focus. */
  const focused = (): Promise<string> =>
    page.evaluate(() => {
      const { activeElement: found } = document;
      return found?.getAttribute('title') ?? found?.textContent ?? '';
    });
  const violations = async (): Promise<readonly string[]> => {
    await page.evaluate(axe.source);
    return page.evaluate(async () => {
      const { axe: inPage } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
      const found = await inPage.run();
      return found.violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .slice(0, 3)
            .map(({ html }) => html)
            .join(' ')}`,
      );
    });
  };

  it('opens at the step that did not pass, with its findings first', async () => {
    await open('shop.html');
    expect(await page.title()).to.equal('podreach: 1 scenario with 2 steps: 1 error');
    expect(await textOf('.steps [aria-current]')).to.equal('2. database closed: error');
    const findings = await page.$$eval('.findings .cell-name', (all) => all.map(({ textContent }) => textContent));
    expect(findings).to.deep.equal([
      'prod/web → prod/db 5432/TCP',
      'dev/client → prod/db 5432/TCP',
      'prod/db → prod/web 80/TCP',
      'dev/client → prod/db 9187/TCP',
    ]);
    expect(await textOf('.flips'))
      .to.contain('closed since the step before')
      .and.to.contain('prod/web → prod/db 5432/TCP');
  });

  it('shows what is known about a cell that is clicked, and links to it', async () => {
    await open('shop.html');
    await page.click('[title^="prod/web → prod/db 5432/TCP"]');
    const panel = await textOf('.panel');
    expect(panel).to.contain('Blocked (no answer), expected allowed.');
    expect(panel).to.contain('The policy is not what you expected');
    expect(panel).to.contain('nc: timed out after 1200 ms').and.to.contain('once');
    expect(panel).to.contain('prod/web has app=web, not app=wbe');
    expect(panel).to.contain('change app=wbe to app=web in the podSelector of');
    expect(panel).to.contain('kubectl exec prod/web -- nc prod/db');
    const marked = await page.$$eval('.code-line.marked', (lines) => lines.map(({ textContent }) => textContent));
    expect(marked).to.deep.equal(['▸1apiVersion: networking.k8s.io/v1', '▸11    - from:']);

    const { hash } = new URL(page.url());
    await open('shop.html', '#nothing');
    expect(await isThere('.panel')).to.equal(false);
    await open('shop.html', hash);
    expect(await textOf('.panel h3')).to.equal('prod/web → prod/db 5432/TCP');
    expect(new URL(page.url()).hash).to.equal(hash);
  });

  it('says which rules decide a cell that is as expected', async () => {
    await open('shop.html');
    await page.click('[title^="prod/web → prod/db 9187/TCP"]');
    expect(await textOf('.panel'))
      .to.contain('Egress of prod/web: allowed, no policy selects it for egress')
      .and.to.contain('Ingress of prod/db: denied: selected by prod/db, of which no rule lets it through');
  });

  it('is used with the keyboard: arrows in the grid, Enter, Escape', async () => {
    await open('shop.html');
    const stops = await page.$$eval('[role=grid] [tabindex="0"]', (all) => all.length);
    expect(stops).to.equal(1);
    await page.focus('[role=grid] [tabindex="0"]');
    const first = await focused();
    await page.keyboard.press('ArrowRight');
    const second = await focused();
    expect(second).not.to.equal(first);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).to.equal(second);
    await page.keyboard.press('Enter');
    expect(second).to.contain(await focused());
    expect(await isThere('.panel')).to.equal(true);
    await page.keyboard.press('Escape');
    expect(await isThere('.panel')).to.equal(false);
    expect(await focused()).to.equal(second);
    await page.keyboard.down('Control');
    await page.keyboard.press('End');
    await page.keyboard.up('Control');
    const place = await page.evaluate(() => document.activeElement?.parentElement?.getAttribute('aria-rowindex'));
    expect(place).to.equal(await page.$eval('[role=grid]', (grid) => grid.getAttribute('aria-rowcount')));
  });

  it('filters by namespace, name and result, and tells a screen reader', async () => {
    await open('shop.html');
    await page.select('#from-namespace', 'dev');
    expect(await textOf('[role=status]')).to.equal('1 row and 3 columns shown');
    await page.type('#to-text', 'DB');
    expect(await textOf('[role=status]')).to.equal('1 row and 2 columns shown');
    await page.select('#verdict', 'status:error');
    expect(await textOf('[role=status]')).to.equal('1 row and 1 column shown');
    await page.type('#to-text', 'no such pod');
    expect(await textOf('.matrix')).to.equal('No cell fits this filter.');
    await page.click('.findings .cell-link');
    expect(await textOf('.panel h3')).to.equal('prod/web → prod/db 5432/TCP');
  });

  it('shows names as they are, whatever they contain', async () => {
    await open('hostile.html');
    expect(await page.title()).to.equal('podreach: 1 scenario: 1 failed');
    expect(await page.$$eval('script, img, b', (all) => all.length)).to.equal(2);
    await page.click('.cell-link');
    expect(await textOf('.panel h3')).to.equal(`a/${HOSTILE} → a/</script><b> 80/TCP`);
    expect(await textOf('.said')).to.equal(HOSTILE);
    const { hash } = new URL(page.url());
    await open('hostile.html', hash);
    expect(await isThere('.panel')).to.equal(true);
    expect(await page.title()).to.equal('podreach: 1 scenario: 1 failed');
  });

  it('is the same when it is drawn from the JSON report', async () => {
    const run = await observedRun();
    const again = readRun(JSON.parse([...json(run)].join('')));
    expect(await written('html', again)).to.equal(await written('html', run));
  });

  for (const scheme of ['light', 'dark'] as const)
    for (const width of [1280, 400])
      it(`is accessible in ${scheme} at a width of ${width}`, async () => {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await page.setViewport({ width, height: 900 });
        await open('shop.html');
        await page.click('.findings .cell-link');
        expect(await violations()).to.deep.equal([]);
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow).to.be.at.most(0);
      });

  it('shows a comparison that is accessible', async () => {
    await writeFile(join(folder, 'compared.html'), await compared('html', sampleComparison));
    await page.setViewport({ width: 400, height: 900 });
    await page.goto(`${pathToFileURL(join(folder, 'compared.html'))}`);
    expect(await textOf('td')).to.equal('opened');
    expect(await violations()).to.deep.equal([]);
  });

  it('switches its theme, whatever the system prefers', async () => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await open('shop.html');
    const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await page.click('.title button');
    expect(await textOf('.title button')).to.equal('Theme: light');
    const light = await background();
    await page.click('.title button');
    expect([dark, light]).to.deep.equal([await background(), 'rgb(255, 255, 255)']);
  });

  it('prints the matrix whole, without its controls', async () => {
    await open('shop.html');
    await page.emulateMediaType('print');
    expect(await page.$eval('.filters', (found) => getComputedStyle(found).display)).to.equal('none');
    expect(await page.$eval('.frame', (found) => getComputedStyle(found).overflow)).to.equal('visible');
    expect((await page.pdf()).byteLength).to.be.above(10_000);
  });

  it('opens a thousand endpoints within two seconds, and draws what is visible', async () => {
    const html = await written('html', largeRun(1_000));
    expect(Buffer.byteLength(html)).to.be.below(5_000_000);
    await writeFile(join(folder, 'large.html'), html);
    const beganMs = performance.now();
    await open('large.html');
    const openedMs = performance.now() - beganMs;
    const cells = await page.$$eval('[role=gridcell]', (all) => all.length);
    expect(cells).to.be.within(100, 4_000);
    expect(await page.$eval('[role=grid]', (grid) => grid.getAttribute('aria-rowcount'))).to.match(/^\d+$/);
    await page.click('#grouped');
    expect(await textOf('.count')).to.contain('1,000 rows and 1,000 columns shown');
    await page.focus('[role=grid] [tabindex="0"]');
    await page.keyboard.down('Control');
    await page.keyboard.press('End');
    await page.keyboard.up('Control');
    expect(await page.evaluate(() => document.activeElement?.parentElement?.getAttribute('aria-rowindex'))).to.equal(
      '1001',
    );
    expect(await page.$$eval('[role=gridcell]', (all) => all.length)).to.be.below(4_000);
    // Twice the limit, because other tests may keep the machine busy.
    expect(openedMs).to.be.below(4_000);
  });
});

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}
