/** What a report says about a result beyond its cells, as JSON has it. */
import type { Decision, Direction } from '../model/index.ts';
import type { Cell } from './judged.ts';

/** Why policies allow or block a cell. */
export interface CellExplanation extends Pick<Cell, 'from' | 'to' | 'port' | 'protocol' | 'family'> {
  readonly lines: readonly string[];
  /** What would open it, each change tried on the model; empty if that was not asked. */
  readonly changes: readonly string[];
  /** The policies and the rules that decide. */
  readonly places: readonly { readonly file: string; readonly line: number }[];
}

/** What decides at one end of a connection: the policies that isolate it, and the rules that let the connection through. */
export interface DecidingSide {
  readonly direction: Direction;
  readonly decision: Decision;
  readonly policies: readonly string[];
  readonly rules: readonly {
    readonly policy: string;
    readonly number: number;
    readonly file?: string;
    readonly line?: number;
  }[];
}

/** The cells between two classes over one port; the numbers are positions in `classes` and `sides`. */
export interface DecidedCells extends Pick<Cell, 'port' | 'protocol' | 'family'> {
  readonly from: number;
  readonly to: number;
  readonly sides: readonly number[];
}

/** Which rules decide the cells, for classes of ends that no policy can tell apart. */
export interface Deciders {
  readonly classes: readonly (readonly string[])[];
  readonly sides: readonly DecidingSide[];
  readonly cells: readonly DecidedCells[];
}

/** A policy as its file has it. */
export interface PolicyText {
  readonly name: string;
  readonly file: string;
  /** Of its first line, 1-based. */
  readonly line: number;
  readonly text: string;
}
