import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import { startChromium } from './chromium.ts';

/** A page in Chromium, which is new for each test. A test fails if its page complains. */
export interface Pages {
  readonly page: Page;
  /** Makes a file that `open` opens. */
  write(name: string, html: string): Promise<void>;
  /** Opens a report, at a place in it. */
  open(name: string, fragment?: string): Promise<void>;
  /** Opens a page without a script. */
  show(name: string): Promise<void>;
  textOf(selector: string): Promise<string>;
  isThere(selector: string): Promise<boolean>;
  /** What axe finds wrong. */
  violations(): Promise<readonly string[]>;
}

/** Pages for the tests of the suite that calls it; `files` are there from the beginning. */
export const pagesFor = (files: () => Promise<Readonly<Record<string, string>>>): Pages => {
  let browser: Browser;
  let folder: string;
  let page: Page;
  /** What the page should not do: break, ask for something, be stopped by its own policy. */
  let complaints: string[];

  const write = (name: string, html: string): Promise<void> => writeFile(join(folder, name), html);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'podreach-browser-'));
    browser = await startChromium();
    for (const [name, html] of Object.entries(await files())) await write(name, html);
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

  const goTo = (name: string, fragment = '') => page.goto(`${pathToFileURL(join(folder, name))}${fragment}`);
  return {
    get page() {
      return page;
    },
    write,
    open: async (name, fragment) => {
      // Another fragment alone would not load the page again.
      await page.goto('about:blank');
      await goTo(name, fragment);
      await page.waitForSelector('html[data-ready]');
    },
    show: async (name) => {
      await goTo(name);
    },
    textOf: (selector) => page.$eval(selector, (found) => found.textContent ?? ''),
    isThere: async (selector) => (await page.$(selector)) !== null,
    violations: async () => {
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
    },
  };
};

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}
