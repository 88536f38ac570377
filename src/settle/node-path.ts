import type { Family } from '../scenario/index.ts';

/** The path from the pods of one node to those of another, or of the same one, over one IP family. */
export interface NodePath {
  readonly from: string;
  readonly to: string;
  readonly family: Family;
}

/** Equal for equal paths. */
export const pathKey = ({ from, to, family }: NodePath): string => `${from} > ${to} ${family}`;
