export { judge } from './judge.ts';
export type * from './judged.ts';
export { snapshotOf } from './snapshot.ts';
export { statusOf } from './status.ts';
