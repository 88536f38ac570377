import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';

const root = join(import.meta.dirname, '../..');

const pages = async (): Promise<readonly string[]> => [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...(await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];

/** A page without its code, which has neither headings nor links. */
const proseOf = (text: string): string =>
  text
    .replaceAll(/^```.*?^```$/gms, '')
    .replaceAll(/^ {4}.*$/gm, '')
    .replaceAll(/`[^`\n]+`/g, (code) => code.replaceAll(/[[\]()]/g, ''));

/** GitHub's anchor of a heading: lower case, without punctuation, with hyphens for blanks. */
const slugOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');

const anchorsIn = (text: string): ReadonlySet<string> => {
  const prose = proseOf(text);
  const slugs = [...prose.matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) => slugOf(heading.trim()));
  const repeated = slugs.map((slug, index) => {
    const before = slugs.slice(0, index).filter((one) => one === slug).length;
    return before === 0 ? slug : `${slug}-${before}`;
  });
  return new Set([...repeated, ...[...prose.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)]);
};

const linksIn = (text: string): readonly string[] =>
  [...proseOf(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);

const isRelative = (link: string): boolean => !/^[a-z]+:/i.test(link);

/** What a link of a page lacks; null if it leads somewhere. */
const problemOf = async (page: string, link: string): Promise<string | null> => {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : relative(root, join(root, dirname(page), path));
  const there = await stat(join(root, target)).catch(() => null);
  if (!there) return `${page}: ${link}: there is no ${target}`;
  if (anchor === undefined) return null;
  const anchors = there.isFile() ? anchorsIn(await readFile(join(root, target), 'utf8')) : new Set();
  return anchors.has(anchor) ? null : `${page}: ${link}: ${target} has no such heading`;
};

describe('the documentation', () => {
  it('has no relative link that leads nowhere', async () => {
    const problems = await Promise.all(
      (await pages()).map(async (page) => {
        const links = linksIn(await readFile(join(root, page), 'utf8')).filter(isRelative);
        return Promise.all(links.map((link) => problemOf(page, link)));
      }),
    );
    expect(problems.flat().filter((problem) => problem !== null)).to.deep.equal([]);
  });

  it('has no page that no other page leads to', async () => {
    const all = await pages();
    const linked = await Promise.all(
      all.map(async (page) =>
        linksIn(await readFile(join(root, page), 'utf8'))
          .filter(isRelative)
          .map((link) => relative(root, join(root, dirname(page), link.split('#')[0] ?? '')))
          .filter((target) => target !== page),
      ),
    );
    const reached = new Set(linked.flat());
    expect(all.filter((page) => page.startsWith('docs/') && !reached.has(page))).to.deep.equal([]);
  });
});

describe("the checks of the documentation's links", () => {
  it('know the anchors that GitHub gives to headings', () => {
    const text = "# `--images auto`: what it does\n\n## The cluster's own\n\n## The cluster's own\n\n    # code\n";
    expect([...anchorsIn(text)]).to.deep.equal([
      '--images-auto-what-it-does',
      'the-clusters-own',
      'the-clusters-own-1',
    ]);
  });

  it('report a missing page and a missing heading', async () => {
    expect(await problemOf('docs/cli.md', 'missing.md')).to.equal(
      'docs/cli.md: missing.md: there is no docs/missing.md',
    );
    expect(await problemOf('docs/cli.md', '#missing')).to.equal(
      'docs/cli.md: #missing: docs/cli.md has no such heading',
    );
    expect(await problemOf('docs/cli.md', '../README.md#commands')).to.equal(null);
  });

  it('see no link in code', () => {
    expect(linksIn('[a](b.md)\n\n    [c](d.md)\n\n```\n[e](f.md)\n```\n')).to.deep.equal(['b.md']);
  });
});
