export { type Carried, evaluateFlow, type Span } from './evaluate.ts';
export * from './following.ts';
export { SILENT_MS } from './silences.ts';
export { NotOpen, openStream, type Stream } from './stream.ts';
export { TICK_MS } from './tick.ts';
