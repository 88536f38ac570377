/** What git knows: revisions, and the files of one. */
export { commitOf, fromTop, gitIn, gitPrefix, mergeBase } from './git.ts';
export { type GitTree, namesInTree, withGitTree } from './tree.ts';
