import { expect } from 'chai';
import { type Format, written } from './formats/written.ts';
import { parseXml } from './formats/xml.ts';
import { runOf, scenarioOf, seen, stepOf } from './sample-run.ts';

const broken = stepOf([seen(['dev/client', 'prod/db', '5432/TCP', 'error'])], undefined, {
  evidence: 'podreach-evidence/20261127-010203-r1/breaks',
});
const result = runOf(scenarioOf([broken], { name: 'breaks', status: broken.status }));

describe('where the evidence of a step is', () => {
  for (const format of ['terminal', 'json', 'junit', 'github', 'markdown', 'html', 'tap'] as const satisfies Format[])
    it(`is in the report: ${format}`, async () => {
      const text = await written(format, result);
      // Markdown writes every sign as an entity that could mean something.
      const plain = text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
      expect(plain).to.contain('podreach-evidence/20261127-010203-r1/breaks');
    });

  it('is an attachment of the test case for Jenkins and GitLab', async () => {
    const root = parseXml(await written('junit', result));
    const [, out] = root.children[0]?.children[0]?.children ?? [];
    expect([out?.name, out?.text]).to.deep.equal([
      'system-out',
      '[[ATTACHMENT|podreach-evidence/20261127-010203-r1/breaks/INDEX.txt]]',
    ]);
  });
});
