/**
 * What the page draws: the JSON block in it. All text is printable. Ends, columns, looks and policies are named by their
 * positions, because a matrix may have a million cells. A cell's position is `row * columns + column`.
 */

/** A line of a policy: the position of the policy in `policies`, and the line in its file. */
export type PageLine = readonly [policy: number, line: number];

export interface PageLook {
  /** For its colour: the status, and for a cell as expected what was seen. */
  readonly kind: string;
  readonly status: string;
  /** The verdict, or the model's decision if nothing was probed; for the filter. */
  readonly seen: string;
  /** The mark of what was seen or predicted. */
  readonly mark: string;
  /** The mark of what was expected; empty if nothing was. */
  readonly wanted: string;
  /** The CNI and the specification disagree. */
  readonly disagrees: boolean;
  /** For a screen reader, and as the first line of what is shown about the cell. */
  readonly label: string;
  /** More sentences about it. */
  readonly words: readonly string[];
}

export interface PageExplanation {
  readonly cell: number;
  readonly lines: readonly string[];
  readonly changes: readonly string[];
  readonly places: readonly PageLine[];
}

export interface PageSide {
  readonly text: string;
  readonly places: readonly PageLine[];
}

export interface PageDeciders {
  /** The class of each end; -1 if it has none. */
  readonly classOf: readonly number[];
  readonly sides: readonly PageSide[];
  /** Class of the source, class of the destination, head, then the positions of its sides. */
  readonly cells: readonly (readonly number[])[];
}

/** A recorded cell, or a connection that was followed. Places in time are parts of the strip. */
export interface PageStrip {
  readonly name: string;
  /** When it changed, or what is wrong. */
  readonly text: string;
  readonly isWrong: boolean;
  /** Whether anything is known of it. */
  readonly isSeen: boolean;
  /** While it was open, or flowed. */
  readonly open: readonly (readonly [from: number, to: number])[];
}

export interface PageStrips {
  /** What each is of: `cell`. */
  readonly of: string;
  /** What time they show. */
  readonly scale: string;
  /** What their marks mean. */
  readonly legend: string;
  /** Where in them the change was accepted. */
  readonly accepted: number;
  readonly all: readonly PageStrip[];
}

/** What was measured over time in a step. */
export interface PageMeasured {
  readonly title: string;
  readonly how: string;
  /** A head and rows; empty if there are no figures. */
  readonly times: readonly (readonly string[])[];
  readonly notes: readonly string[];
  readonly strips?: PageStrips;
}

export interface PageStep {
  readonly name: string;
  readonly status: string;
  readonly word: string;
  readonly times: string;
  /** What broke it, what to do, how the matrix was taken. */
  readonly messages: readonly string[];
  readonly ends: readonly string[];
  /** The end of each row. */
  readonly rows: readonly number[];
  /** The end of each column, and its head: `80/TCP`. */
  readonly columns: readonly (readonly [end: number, head: number])[];
  readonly heads: readonly string[];
  /** The first is a blank, the second a pod to itself. */
  readonly looks: readonly PageLook[];
  /** Runs of looks, for each different row; `rowCells` has the position of each row's. */
  readonly cells: readonly string[];
  readonly rowCells: readonly number[];
  /** Whether an end that meets itself is the second look, whatever its run says. */
  readonly hasSelves: boolean;
  /** Ends that no cell distinguishes; only those with several members. */
  readonly groups: readonly (readonly number[])[];
  /** Cells, most important first, and how many there are in all. */
  readonly findings: readonly number[];
  readonly findingCount: number;
  /** Cells that differ from the step before; absent for the first one. */
  readonly flips?: readonly { readonly word: string; readonly cells: readonly number[]; readonly count: number }[];
  /** How the change took effect, what became of open connections, how pods started: what was measured of it. */
  readonly measured: readonly PageMeasured[];
  readonly details: readonly string[];
  /** Cell, attempts, position of the detail. */
  readonly evidence: readonly (readonly [cell: number, attempts: number, detail: number])[];
  /** Cell, and a command that repeats it. */
  readonly repeat: readonly (readonly [cell: number, command: string])[];
  readonly explanations: readonly PageExplanation[];
  readonly deciders?: PageDeciders;
  /** What the page does not have. */
  readonly omitted: readonly string[];
}

export interface PagePolicy {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly lines: readonly string[];
}

export interface PageScenario {
  readonly name: string;
  readonly intent: readonly string[];
  readonly file: string;
  readonly status: string;
  readonly word: string;
  readonly times: string;
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
  readonly policies: readonly PagePolicy[];
  readonly steps: readonly PageStep[];
  /** What the page does not have. */
  readonly omitted: readonly string[];
}

export interface PageData {
  readonly predicted: boolean;
  readonly messages: readonly string[];
  readonly summary: readonly string[];
  /** The words of statuses, for the filter. */
  readonly statuses: readonly (readonly [status: string, word: string])[];
  readonly scenarios: readonly PageScenario[];
}
