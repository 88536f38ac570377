import type { Agreement } from '../matrix/index.ts';
import { pause } from '../pause.ts';
import type { Observation } from '../probe/index.ts';
import { probeKey } from '../scenario/index.ts';

const MATRICES_AT_MOST = 5;
/** Gives the agents time between two matrices. */
const PAUSE_MS = 1_000;

export interface AgreementOptions {
  readonly signal?: AbortSignal | undefined;
  readonly pauseMs?: number;
}

/**
 * Takes matrices until two in a row agree on every verdict, at most five, and returns the last with the number taken.
 * Cells that still differ are flaky, or errors if either verdict is. Nothing here knows what is expected.
 */
export const takeUntilAgreed = async (
  take: () => Promise<readonly Observation[]>,
  { signal, pauseMs = PAUSE_MS }: AgreementOptions = {},
): Promise<{ readonly observations: readonly Observation[]; readonly agreement: Agreement }> => {
  let before = await take();
  for (let matrices = 2; ; matrices += 1) {
    await pause(pauseMs, signal, 'probing');
    const now = await take();
    const earlier = new Map(before.map((one) => [probeKey(one), one]));
    const observations = now.map((one) => compared(one, earlier.get(probeKey(one))));
    const agreed = observations.every((one, index) => one === now[index]);
    if (agreed || matrices === MATRICES_AT_MOST) return { observations, agreement: { matrices, agreed } };
    before = now;
  }
};

/** The same observation object if both agree. */
const compared = (now: Observation, before: Observation | undefined): Observation => {
  if (now.verdict === before?.verdict) return now;
  const detail = `${before?.verdict ?? 'nothing'} in the matrix before; ${now.detail}`;
  const isSound = now.verdict !== 'error' && before !== undefined && before.verdict !== 'error';
  return isSound ? { ...now, flaky: true, detail } : { ...now, verdict: 'error', flaky: false, detail };
};
