export { evaluate } from './evaluate.ts';
export { rankedAt } from './ranked.ts';
export {
  type ArmedRecorder,
  armRecorder,
  joinRecorder,
  type Recorder,
  type RecorderOptions,
  recorderArguments,
  startRecorder,
  type Target,
} from './recorder.ts';
export { faultOf, hasFault, type RecordedCell, type RecordedFault, type Recording } from './recording.ts';
export { hasReached, hasShown, isOpen, type Sample } from './samples.ts';
export { NoRecorder } from './session.ts';
export { evaluateStart } from './started.ts';
export {
  type CellOfStart,
  type Start,
  type StartedCell,
  type StartFault,
  type Starts,
  startFaultOf,
  startStatus,
} from './starts.ts';
