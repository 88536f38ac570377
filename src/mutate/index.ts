export type { Newcomer } from './candidates.ts';
export { type Claim, type Confirmation, claimsOf, confirmed, scenarioFor } from './confirm.ts';
export type { Edit } from './mutant.ts';
export type { Mutant } from './mutations.ts';
export { type ScenarioScore, type StepScore, scoreOf } from './score.ts';
export type { SameMutant, WhySame } from './why-same.ts';
export type { Witness } from './witnesses.ts';
