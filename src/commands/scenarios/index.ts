/** Where scenarios are found, what podreach remarks on them, and which step and cell of one is meant. */
export { type Asked, familyOfBoth, probeOf } from './asked-cell.ts';
export { leftOutNote } from './left-out-note.ts';
export { oneScenario, stepNamed } from './one-scenario.ts';
export { expandedAll, folderOfPattern, onDisk, pathsIn, scenarioPaths } from './paths.ts';
export { tellNewWarnings, tellNotes, tellWarnings } from './warnings.ts';
