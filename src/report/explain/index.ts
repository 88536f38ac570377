/** Why a cell is as it is, for people and for machines. */
export { explanationLines, explanationSummary } from './explanation.ts';
export { explanationJson } from './json.ts';
export { routeText } from './route.ts';
