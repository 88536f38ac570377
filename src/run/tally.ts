/** How far a run has come, for a line that is redrawn. */
import type { Doing } from '../progress.ts';
import { matrixOf, type Scenario, type Step } from '../scenario/index.ts';

/** What one scenario does. */
export interface Count {
  phase(phase: string): void;
  /** A step is about to probe so many cells; returns what to call with how many more were probed. */
  probing(cells: number): (more: number) => void;
  /** Nothing more of it is probed, whether it passed or broke. */
  end(): void;
}

export interface Tally {
  of(scenario: Scenario): Count;
}

/** One of these, and the time, before the rate says how long the rest takes. */
const LEAST_CELLS = 50;
const LEAST_PART = 0.1;
const LEAST_MS = 10_000;

interface Counted {
  /** Of each step that has not begun: without IP families, and all of them, though `--probe classes` takes fewer. */
  planned: readonly number[];
  total: number;
  done: number;
}

/** @param show Called whenever something changes. */
export const createTally = (
  scenarios: readonly Scenario[],
  show: (doing: Doing) => void,
  now: () => number = () => performance.now(),
): Tally => {
  /** The first pods take long, and only once. */
  let startMs: number | undefined;
  const all = new Map<Scenario, Counted>(
    scenarios.map((scenario) => [scenario, { planned: scenario.steps.map(cellsOf), total: 0, done: 0 }]),
  );
  const phases = new Map<Scenario, string>();
  /** What was planned for the steps that began, and what it came to. */
  let [planned, begun] = [0, 0];
  const update = (): void => {
    const counts = [...all.values()];
    const done = sum(counts.map((count) => count.done));
    const ahead = sum(counts.flatMap((count) => count.planned)) * (planned > 0 ? begun / planned : 1);
    const total = sum(counts.map((count) => count.total)) + Math.round(ahead);
    const current = [...phases].map(([{ name }, phase]) => `${phase} ${name}`);
    show({ phases: current.toReversed(), cells: { done, total }, ...leftOf(done, total, now() - (startMs ?? now())) });
  };
  return {
    of: (scenario) => {
      const own = all.get(scenario) ?? { planned: [], total: 0, done: 0 };
      return {
        phase: (phase) => {
          phases.delete(scenario);
          phases.set(scenario, phase);
          update();
        },
        probing: (cells) => {
          startMs ??= now();
          const [first = cells, ...others] = own.planned;
          planned += first;
          begun += cells;
          own.planned = others;
          own.total += cells;
          let left = cells;
          return (more) => {
            // Where two matrices have to agree, the second is no more cells.
            const counted = Math.min(left, more);
            left -= counted;
            own.done += counted;
            if (counted > 0) update();
          };
        },
        end: () => {
          phases.delete(scenario);
          own.planned = [];
          own.total = own.done;
          update();
        },
      };
    },
  };
};

const cellsOf = ({ topology }: Step): number => matrixOf(topology).cells;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const leftOf = (done: number, total: number, elapsedMs: number): { readonly leftMs?: number } => {
  const isTelling = done >= LEAST_CELLS && done >= total * LEAST_PART && elapsedMs >= LEAST_MS;
  return isTelling && done < total ? { leftMs: ((total - done) / done) * elapsedMs } : {};
};
