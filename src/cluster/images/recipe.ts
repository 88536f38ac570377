import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const byName = <T extends z.ZodType>(value: T) => z.record(z.string(), value).default({});

const schema = z.strictObject({
  kubernetesVersion: z.string(),
  pauseImage: z.string(),
  probeImage: z.string(),
  /** component/path in its Go module. */
  calicoManifest: z.string(),
  /** How long each component and root takes to make, for the share of the build that is reported as done. */
  seconds: byName(z.number()),
  components: byName(
    z.strictObject({
      packages: z.array(z.string()),
      module: z.string().optional(),
      stamps: byName(z.string()),
      tags: z.array(z.string()).default([]),
    }),
  ),
  roots: byName(z.strictObject({ variant: z.enum(['minbase', 'extract']), packages: z.array(z.string()) })),
  layers: byName(
    z.strictObject({
      files: byName(z.string()),
      copies: byName(z.string()),
      links: byName(z.string()),
      directories: z.array(z.string()).default([]),
      executable: z.array(z.string()).default([]),
    }),
  ),
  images: byName(
    z.strictObject({
      roots: z.array(z.string()).default([]),
      layers: z.array(z.string()),
      entrypoint: z.array(z.string()).default([]),
      command: z.array(z.string()).default([]),
      env: z.array(z.string()).default([]),
    }),
  ),
});

export type Recipe = z.infer<typeof schema>;
export type Component = Recipe['components'][string];
export type Root = Recipe['roots'][string];
export type Layer = Recipe['layers'][string];
export type Image = Recipe['images'][string];

/** The folder of the recipes: recipe.yaml, a go.mod per component, the node's scripts. */
export const recipeFolder = fileURLToPath(new URL('../../../scripts/images/', import.meta.url));

export const loadRecipe = async (): Promise<Recipe> =>
  schema.parse(parse(await readFile(`${recipeFolder}recipe.yaml`, 'utf8')));
