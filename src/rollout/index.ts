export { changesBetween } from './changes.ts';
export { type Action, CHANGES_AT_MOST, type Damage, planRollout, type Rollout } from './plan.ts';
export { statesOf } from './states.ts';
