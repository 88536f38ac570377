import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { scenarioJsonSchema } from '../../../src/scenario/schema.ts';

describe('schema/scenario.json', () => {
  it('is what the schema says', async () => {
    const file = new URL('../../../schema/scenario.json', import.meta.url);
    expect(JSON.parse(await readFile(file, 'utf8')), 'it drifted: run `node scripts/schema.ts`').to.deep.equal(
      scenarioJsonSchema(),
    );
  });
});
