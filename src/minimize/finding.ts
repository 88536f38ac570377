import type { Decision } from '../model/index.ts';
import type { Expectation, Probe } from '../scenario/index.ts';
import type { Minimized } from './minimize.ts';
import type { Size } from './subject.ts';

/** What is wrong with a cell. */
export type Mismatch = { readonly cell: Probe; readonly decision: Decision } & (
  | {
      /** The policies decide otherwise than expected, or as they do if nothing is expected of the cell. */
      readonly kind: 'policies';
      readonly expected: Expectation | null;
    }
  | {
      /** The CNI does otherwise than the policies say. */
      readonly kind: 'cni';
      readonly observed: 'allowed' | 'dropped' | 'rejected';
    }
);

/** The smallest scenario that shows a mismatch, and how it was found. */
export interface Finding extends Minimized {
  readonly scenario: string;
  readonly file: string;
  readonly step: string;
  readonly mismatch: Mismatch;
  readonly before: Size;
  readonly after: Size;
  /** How often the smallest one showed it when it was tried again in the end; absent without a cluster. */
  readonly confirmed?: { readonly shown: number; readonly times: number };
}
