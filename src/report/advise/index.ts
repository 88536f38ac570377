/** What is advised, as text for people, for machines and for kubectl. */
export { advisedJson } from './json.ts';
export { policyYaml } from './manifest.ts';
export { advisedSummary } from './summary.ts';
