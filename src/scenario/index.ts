export { parsePort } from '../port.ts';
export { type ExpectationFile, readExpectation } from './expectation-file.ts';
export * from './families.ts';
export { writeGrid } from './grid-file.ts';
export { type LoadOptions, loadScenarios } from './load.ts';
export { repositoryFor } from './reach.ts';
export type * from './scenario.ts';
export { loadSettings, type Settings } from './settings.ts';
export * from './topology.ts';
