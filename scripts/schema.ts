/** Writes schema/scenario.json, which gives editors the keys of scenario.yaml: `node scripts/schema.ts`. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { scenarioJsonSchema } from '../src/scenario/schema.ts';

const file = fileURLToPath(new URL('../schema/scenario.json', import.meta.url));

await writeFile(file, `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
await execa({ preferLocal: true, localDir: import.meta.dirname, stdio: 'inherit' })`biome format --write ${file}`;
