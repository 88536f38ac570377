/** A strict reader of the XML that a report may consist of: elements, attributes in double quotes, text. */
import { expect } from 'chai';

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const decoded = (text: string): string => {
  expect(text).not.to.match(/[<>]|&(?!(?:amp|lt|gt|quot|apos);)/);
  // XML 1.0, 2.2: Char.
  expect(text).not.to.match(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u);
  return text.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name] ?? '');
};

export const parseXml = (xml: string): Element => {
  const head = '<?xml version="1.0" encoding="UTF-8"?>\n';
  expect(xml.startsWith(head)).to.equal(true);
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open: Element[] = [root];
  for (const [, text = '', tag] of xml.slice(head.length).matchAll(/([^<]*)(?:<([^<>]*)>)?/g)) {
    const parent = open.at(-1) as Element;
    parent.text += decoded(text);
    if (tag === undefined) continue;
    if (tag.startsWith('/')) {
      expect(open.pop()?.name).to.equal(tag.slice(1));
      continue;
    }
    const [, name = '', rest = ''] =
      /^([a-z-]+)((?: [a-zA-Z]+="[^"]*")*)$/.exec(tag) ?? expect.fail(`not a tag: ${tag}`);
    const pairs = [...rest.matchAll(/ ([a-zA-Z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
      key,
      decoded(value),
    ]);
    const element = { name, attributes: Object.fromEntries(pairs), children: [], text: '' };
    expect(Object.keys(element.attributes)).to.have.lengthOf(pairs.length);
    parent.children.push(element);
    open.push(element);
  }
  expect(open).to.have.lengthOf(1);
  expect(root.children).to.have.lengthOf(1);
  return root.children[0] as Element;
};
