export type { Finding, Mismatch } from './finding.ts';
export { type Ask, minimize } from './minimize.ts';
export { decidedIn, decidesAs } from './model-answer.ts';
export { type Size, type Subject, sizeOf, subjectOf, type World, worldIn } from './subject.ts';
