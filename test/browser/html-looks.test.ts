import { expect } from 'chai';
import type { Page } from 'puppeteer-core';
import { compared, written } from '../unit/report/formats/written.ts';
import { largeRun } from '../unit/report/html/large-run.ts';
import { observedRun } from '../unit/report/html/observed-run.ts';
import { sampleComparison } from '../unit/report/html/sample-comparison.ts';
import { pagesFor } from './pages.ts';

/** Headings of tables on more lines than they have words. */
const brokenHeadings = (page: Page): Promise<string[]> =>
  page.$$eval('th', (all) =>
    all
      .filter((heading) => {
        const range = document.createRange();
        range.selectNodeContents(heading);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        return lines.size > (heading.textContent ?? '').trim().split(/\s+/).length;
      })
      .map((heading) => heading.textContent ?? ''),
  );

describe('how the HTML report looks', function () {
  this.timeout(60_000);
  const pages = pagesFor(async () => ({ 'shop.html': await written('html', await observedRun()) }));

  for (const scheme of ['light', 'dark'] as const)
    for (const width of [1280, 400])
      it(`is accessible in ${scheme} at a width of ${width}`, async () => {
        await pages.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
        await pages.page.setViewport({ width, height: 900 });
        await pages.open('shop.html');
        await pages.page.click('.findings .cell-link');
        expect(await pages.violations()).to.deep.equal([]);
        const overflow = await pages.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow).to.be.at.most(0);
        expect(await brokenHeadings(pages.page)).to.deep.equal([]);
      });

  it('shows a comparison that is accessible', async () => {
    await pages.write('compared.html', await compared('html', sampleComparison));
    await pages.page.setViewport({ width: 400, height: 900 });
    await pages.show('compared.html');
    expect(await pages.textOf('tbody th')).to.equal('opened');
    expect(await brokenHeadings(pages.page)).to.deep.equal([]);
    expect(await pages.violations()).to.deep.equal([]);
  });

  it('shows a comparison as a picture, whole, in light or dark as the reader has it, and with a name', async () => {
    await pages.write('compared.svg', await compared('svg', sampleComparison));
    const looks = async (scheme: 'light' | 'dark') => {
      await pages.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await pages.show('compared.svg');
      return pages.page.$$eval('rect[class]', (all) => all.map((one) => getComputedStyle(one).fill));
    };
    const [light, dark] = [await looks('light'), await looks('dark')];
    // A cell and its entry in the legend.
    expect(light).to.deep.equal(['rgb(180, 227, 189)', 'rgb(180, 227, 189)']);
    expect(dark).to.deep.equal(['rgb(31, 92, 46)', 'rgb(31, 92, 46)']);
    expect(await pages.textOf('.mark')).to.equal('+');
    const isWhole = await pages.page.$$eval('text, rect', (all) =>
      all.every((one) => {
        const { left, top, right, bottom } = one.getBoundingClientRect();
        const { clientWidth, clientHeight } = document.documentElement;
        return left >= 0 && top >= 0 && right <= clientWidth && bottom <= clientHeight;
      }),
    );
    expect(isWhole).to.equal(true);
    await pages.write(
      'page.html',
      `<!doctype html><html lang="en"><title>x</title><main><h1>x</h1>${(await compared('svg', sampleComparison)).replace(/^<\?xml.*\n/, '')}</main></html>`,
    );
    await pages.show('page.html');
    expect(await pages.violations()).to.deep.equal([]);
  });

  it('switches its theme, whatever the system prefers', async () => {
    await pages.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await pages.open('shop.html');
    const background = (): Promise<string> =>
      pages.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await pages.page.click('.title button');
    expect(await pages.textOf('.title button')).to.equal('Theme: light');
    const light = await background();
    await pages.page.click('.title button');
    expect([dark, light]).to.deep.equal([await background(), 'rgb(255, 255, 255)']);
  });

  it('prints the matrix whole, without its controls', async () => {
    await pages.open('shop.html');
    await pages.page.emulateMediaType('print');
    expect(await pages.page.$eval('.filters', (found) => getComputedStyle(found).display)).to.equal('none');
    expect(await pages.page.$eval('.frame', (found) => getComputedStyle(found).overflow)).to.equal('visible');
    expect((await pages.page.pdf()).byteLength).to.be.above(10_000);
  });

  it('opens a thousand endpoints within two seconds, and draws what is visible', async () => {
    const html = await written('html', largeRun(1_000));
    expect(Buffer.byteLength(html)).to.be.below(5_000_000);
    await pages.write('large.html', html);
    const beganMs = performance.now();
    await pages.open('large.html');
    const openedMs = performance.now() - beganMs;
    const cells = await pages.page.$$eval('[role=gridcell]', (all) => all.length);
    expect(cells).to.be.within(100, 4_000);
    expect(await pages.page.$eval('[role=grid]', (grid) => grid.getAttribute('aria-rowcount'))).to.match(/^\d+$/);
    await pages.page.click('#grouped');
    expect(await pages.textOf('.count')).to.contain('1,000 rows and 1,000 columns shown');
    await pages.page.focus('[role=grid] [tabindex="0"]');
    await pages.page.keyboard.down('Control');
    await pages.page.keyboard.press('End');
    await pages.page.keyboard.up('Control');
    expect(
      await pages.page.evaluate(() => document.activeElement?.parentElement?.getAttribute('aria-rowindex')),
    ).to.equal('1001');
    expect(await pages.page.$$eval('[role=gridcell]', (all) => all.length)).to.be.below(4_000);
    // Twice the limit, because other tests may keep the machine busy.
    expect(openedMs).to.be.below(4_000);
  });
});
