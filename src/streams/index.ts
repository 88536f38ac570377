export { type Carried, evaluateFlow, type Span } from './evaluate.ts';
export * from './following.ts';
export { SILENT_MS } from './silences.ts';
export { NotOpen, openStream, type Stream, TICK_MS } from './stream.ts';
