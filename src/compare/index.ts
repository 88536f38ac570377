export { type ComparedStep, compareSteps } from './compare.ts';
export { planProof, type Timing } from './proof-plan.ts';
export type * from './result.ts';
export { withSeen } from './seen.ts';
