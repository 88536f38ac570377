export { type ComparedStep, compareSteps } from './compare.ts';
export type * from './result.ts';
export type { WantedCells } from './wanted.ts';
