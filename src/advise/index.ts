export { type Advised, adviseFor } from './advise.ts';
export { type AdvisedPolicy, manifestOf } from './policies.ts';
export type { AdvisedRule, PortSpan } from './rules.ts';
export { type Wanted, type WantedCell, wantedFromSeen, wantedOf } from './wanted.ts';
export type { Unmet } from './why.ts';
