/** What `podreach run -u` does, for other commands with a `-u`. */
export { updatingGrids } from './update-grids.ts';
