/** XML as a tool reads it that is not ours: libxml2, as in xmllint. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';

const read = <Result>(xml: string | Buffer, use: (document: XmlDocument) => Result): Result => {
  const document = typeof xml === 'string' ? XmlDocument.fromString(xml) : XmlDocument.fromBuffer(xml);
  try {
    return use(document);
  } finally {
    document.dispose();
  }
};

/** Throws if it is no XML. */
export const requireXml = (xml: string): void => read(xml, () => undefined);

/** Throws if it is no JUnit report that Jenkins takes. */
export const requireJunit = (xml: string): void => {
  const validator = read(readFileSync(join(import.meta.dirname, 'junit.xsd')), XsdValidator.fromDoc);
  try {
    read(xml, (document) => validator.validate(document));
  } finally {
    validator.dispose();
  }
};
