export { type ComparedStep, compareSteps } from './compare.ts';
export type * from './result.ts';
