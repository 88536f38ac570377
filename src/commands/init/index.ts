/** How `podreach init` writes a scenario, for other commands that write one. */
export { quotedIfNeeded } from './template.ts';
export { schemaFor } from './written-paths.ts';
