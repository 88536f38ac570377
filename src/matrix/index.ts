export { agrees, disagreements } from './agreement.ts';
export { judge, judgePredicted } from './judge.ts';
export type * from './judged.ts';
export { type Addresses, modelOf, type Prediction, predict, type Situation, worldOf } from './predict.ts';
export type * from './result.ts';
export { snapshotOf } from './snapshot.ts';
export { statusOf, worst } from './status.ts';
export { type PlacedWarning, warningsOf } from './warnings.ts';
export { type Why, whyOf } from './why.ts';
