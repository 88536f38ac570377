export { createAlive } from './alive.ts';
export { type CellWatch, type Change, createCellWatch } from './cell-watch.ts';
export { eventsOf, type Kept, keepChange } from './log.ts';
export type * from './result.ts';
export { unseenIn, type Violation, violationsIn, type Walk, type WalkedState } from './walk.ts';
