import { type Cell, type StepResult, whyOf } from '../matrix/index.ts';
import { stepText } from '../report/index.ts';
import { portText } from '../scenario/index.ts';
import { printable } from '../text.ts';
import { type Connection, cellsOf } from './matrix.ts';

/** What an assertion finds out: null if nobody can know, which no assertion passes on. */
export interface Finding {
  readonly holds: boolean | null;
  /** The whole message of the failure, with and without `not`. */
  readonly message: string;
  readonly negated: string;
}

/** Whether a connection is allowed or blocked, in every family that it has. */
export const findConnection = (step: StepResult, asked: Connection, wanted: 'allow' | 'deny'): Finding => {
  const cells = cellsOf(step, asked);
  const [state, ...others] = new Set(cells.map(stateOf));
  const single = state !== undefined && others.length === 0 ? state : null;
  const opposite = wanted === 'allow' ? 'deny' : 'allow';
  const what = [...new Set(cells.map(textOf))].join();
  const differs = others.length > 0 ? ', and the IP families differ' : '';
  const expected = (how: 'allow' | 'deny') =>
    `expected ${what} to be ${STATES[how]}${single === null ? `, which is not known${differs}` : ''}\n\n${viewOf(step, cells, how)}\n`;
  return { holds: single && single === wanted, message: expected(wanted), negated: expected(opposite) };
};

const STATES = { allow: 'allowed', deny: 'blocked' } as const;

/** null if it is not certain. */
const stateOf = ({ observed, model, status, observation }: Cell): 'allow' | 'deny' | null => {
  if (status === 'flaky' || observation?.flaky) return null;
  if (observed === null) return model === 'unknown' || status === 'error' ? null : model;
  if (observed === 'allowed') return 'allow';
  return observed === 'dropped' || observed === 'rejected' ? 'deny' : null;
};

const textOf = ({ from, to, port, protocol }: Cell): string =>
  `${printable(from)} -> ${printable(to)} ${portText({ number: port, protocol })}`;

/** The matrix in which nothing is expected except of these cells. */
const viewOf = (step: StepResult, asked: readonly Cell[], expected: 'allow' | 'deny'): string => {
  const cells = step.cells.map((cell): Cell => {
    const { status, exempt: _, ...rest } = cell;
    if (!asked.includes(cell)) return JUDGED.has(status) ? { ...rest, expected: null, status: 'unjudged' } : cell;
    const state = stateOf(cell);
    const asIs = state === null && !JUDGED.has(status) ? status : 'error';
    return { ...rest, expected, status: state === null ? asIs : state === expected ? 'match' : 'mismatch' };
  });
  const { situation, repeat } = step;
  return stepText({
    ...{ name: step.name, status: 'fail', timings: {}, cells },
    ...(repeat && { repeat }),
    ...(situation && { why: whyOf(cells, situation) }),
  });
};

const JUDGED: ReadonlySet<Cell['status']> = new Set(['match', 'mismatch', 'unjudged']);
