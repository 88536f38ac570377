/** Writes schema/, which gives editors the keys of scenario.yaml and podreach.yaml: `node scripts/schema.ts`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { scenarioJsonSchema } from '../src/scenario/schema.ts';
import { settingsJsonSchema } from '../src/scenario/settings-schema.ts';

const schemas = { 'scenario.json': scenarioJsonSchema(), 'podreach.json': settingsJsonSchema() };

for (const [name, schema] of Object.entries(schemas)) {
  const file = fileURLToPath(new URL(`../schema/${name}`, import.meta.url));
  await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`);
  await execa({ preferLocal: true, localDir: import.meta.dirname, stdio: 'inherit' })`biome format --write ${file}`;
}
