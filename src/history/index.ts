export { type Entry, entryOf, MARKS, type Mark, type Times } from './entry.ts';
export { lineOf, readLines } from './lines.ts';
export { type CellTrend, isEventful, type StepTrend, trendsOf } from './trends.ts';
