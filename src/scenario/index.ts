export { type ExpectationFile, readExpectation } from './expectation-file.ts';
export * from './families.ts';
export { writeGrid } from './grid-file.ts';
export { loadScenarios } from './load.ts';
export { parsePort } from './port.ts';
export type * from './scenario.ts';
export * from './topology.ts';
