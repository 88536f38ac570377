export { evaluate } from './evaluate.ts';
export { type Recorder, startRecorder, type Target } from './recorder.ts';
export { faultOf, hasFault, type RecordedCell, type RecordedFault, type Recording } from './recording.ts';
export { hasReached } from './samples.ts';
