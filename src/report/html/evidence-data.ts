/** What was seen of each cell: how often it was tried, what the tools said, and how to repeat it. */
import type { Cell, StepResult } from '../../matrix/index.ts';
import { probeKey } from '../../scenario/index.ts';
import { excerpt } from '../../text.ts';
import { detailOf } from '../flake.ts';
import type { Allowance } from './allowance.ts';
import type { PageStep } from './page-data.ts';

const DETAIL_CODE_POINTS = 600;
const COMMAND_CODE_POINTS = 4_000;
/** Of those that did not come out as expected; each is in the page whatever the others take. */
const IMPORTANT_AT_MOST = 1_000;

type EvidenceData = Pick<PageStep, 'details' | 'evidence' | 'repeat'> & { readonly isComplete: boolean };

/** Of the important cells first, then of all others if they fit. */
export const evidenceOf = (
  { cells, repeat }: Pick<StepResult, 'cells' | 'repeat'>,
  positions: Uint32Array,
  allowance: Allowance,
): EvidenceData => {
  const details = new Map<string, number>();
  const evidence: (readonly [number, number, number])[] = [];
  const commands: (readonly [number, string])[] = [];
  const add = (cell: Cell, index: number): void => {
    const { observation } = cell;
    if (!observation) return;
    const text = excerpt(detailOf(observation), DETAIL_CODE_POINTS);
    const detail = details.get(text) ?? details.size;
    details.set(text, detail);
    const position = positions[index] as number;
    evidence.push([position, observation.attempts, detail]);
    const command = repeat?.size ? repeat.get(probeKey(cell)) : undefined;
    if (command !== undefined) commands.push([position, excerpt(command, COMMAND_CODE_POINTS)]);
  };
  const seen = cells
    .keys()
    .filter((index) => cells[index]?.observation)
    .toArray();
  const important = seen.filter((index) => !ORDINARY.has((cells[index] as Cell).status));
  const others = seen.filter((index) => ORDINARY.has((cells[index] as Cell).status));
  for (const index of important.slice(0, IMPORTANT_AT_MOST)) add(cells[index] as Cell, index);
  const size = others.reduce((sum, index) => sum + ROW_CHARACTERS + lengthOf(cells[index] as Cell), 0);
  const fits = important.length <= IMPORTANT_AT_MOST && allowance.take(size);
  if (fits) for (const index of others) add(cells[index] as Cell, index);
  return { details: [...details.keys()], evidence, repeat: commands, isComplete: fits };
};

const ORDINARY: ReadonlySet<Cell['status']> = new Set(['match', 'self', 'unjudged', 'open', 'unsupported']);

/** `[123456,1,1234],` */
const ROW_CHARACTERS = 17;

const lengthOf = ({ observation }: Cell): number => observation?.detail.length ?? 0;
