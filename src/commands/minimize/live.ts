/** Worlds tried on pods. */
import { asPodreachError, PodreachError } from '../../errors.ts';
import type { Ask, Mismatch, World } from '../../minimize/index.ts';
import { cellText } from '../../report/minimize/index.ts';
import type { Trials } from '../../run/index.ts';
import type { Seen, Tries } from './tries.ts';

/** A try that breaks says nothing, and is repeated this often; so is one whose verdict changes meanwhile. */
const ATTEMPTS = 3;

/** Looks at a cell. Throws a PodreachError if that fails again and again. */
export const lookOnce = async (trials: Pick<Trials, 'take'>, world: World, signal: AbortSignal): Promise<Seen> => {
  let last: Seen | PodreachError = new PodreachError('nothing was tried');
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    last = await seenIn(trials, world).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return asPodreachError(error);
    });
    if (!(last instanceof PodreachError) && !last.flaky) return last;
  }
  if (!(last instanceof PodreachError)) return last;
  throw new PodreachError(`${cellText(world.cell)} could not be tried: ${last.message}`, {
    hint: last.hint ?? 'the same command goes on where it was',
    cause: last,
  });
};

const seenIn = async (trials: Pick<Trials, 'take'>, world: World): Promise<Seen> => {
  const { seen } = await trials.take(world, [world.cell]);
  const [{ observation, decision } = { observation: undefined, decision: 'unknown' as const }] = seen;
  const { verdict = 'error', flaky = false, detail = 'no answer came' } = observation ?? {};
  if (verdict === 'error') throw new PodreachError(`the probe broke: ${detail}`);
  if (verdict === 'unsupported') throw new PodreachError(`the cluster can't do it: ${detail}`);
  return { decision, verdict, flaky };
};

/** What the CNI does otherwise than the specification says; null if nothing. */
export const mismatchOf = (
  cell: World['cell'],
  { decision, verdict }: Seen,
): Extract<Mismatch, { kind: 'cni' }> | null =>
  decision === 'unknown' || (decision === 'allow') === (verdict === 'allowed')
    ? null
    : { kind: 'cni', cell, decision, observed: verdict };

/** Asks on pods whether a world shows the same mismatch, and remembers each answer. */
export const askLive = (
  trials: Pick<Trials, 'take'>,
  first: Extract<Mismatch, { kind: 'cni' }>,
  tries: Pick<Tries, 'known' | 'keep'>,
  signal: AbortSignal,
): Ask => {
  const isOpen = first.observed === 'allowed';
  return async (world) => {
    const seen = tries.known(world) ?? (await lookOnce(trials, world, signal));
    await tries.keep(world, seen);
    if (seen.flaky) return 'unsure';
    return seen.decision === first.decision && (seen.verdict === 'allowed') === isOpen ? 'shows' : 'gone';
  };
};
