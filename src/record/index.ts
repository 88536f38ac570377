export { evaluate } from './evaluate.ts';
export { rankedAt } from './ranked.ts';
export { NoRecorder, type Recorder, startRecorder, type Target } from './recorder.ts';
export { faultOf, hasFault, type RecordedCell, type RecordedFault, type Recording } from './recording.ts';
export { hasReached, hasShown, isOpen, type Sample } from './samples.ts';
