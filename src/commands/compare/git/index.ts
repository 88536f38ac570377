/** What git knows: revisions, and the files of one. */
export { fromTop, gitPrefix, mergeBase } from './git.ts';
export { type GitTree, namesInTree, withGitTree } from './tree.ts';
