/** `podreach mutate --live`: mutants on running pods. */
import { PodreachError } from '../../errors.ts';
import { type Claim, type Confirmation, confirmed, scenarioFor } from '../../mutate/index.ts';
import { type Ended, resultFirst } from '../../result-first.ts';
import { openSession } from '../../run/index.ts';
import { plural } from '../../text.ts';
import { type LiveFlags, leaseFor, requireContext } from '../live-cluster.ts';
import type { Terminal } from '../terminal/index.ts';

const RETRIES = 1;

/** Puts the mutants in force, one after the other, and takes the matrix of each. Pods stay for the next that has the same. */
export const confirmLive = async (
  claims: readonly Claim[],
  flags: LiveFlags,
  { progress, signal }: Pick<Terminal, 'progress' | 'signal'>,
): Promise<Ended<readonly Confirmation[]>> => {
  requireContext(flags);
  const { timeout: timeoutMs, settleTimeout: settleTimeoutMs } = flags;
  const scenarios = claims.map(scenarioFor);
  const lease = await leaseFor(scenarios, flags, { progress, signal });
  const session = openSession(lease, { settleTimeoutMs, timeoutMs, progress });
  const close = (): void => void session.close().catch(() => {});
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  const run = async (confirmations: Confirmation[]): Promise<void> => {
    for (const [at, scenario] of scenarios.entries()) {
      const result = await session.run(scenario, { timeoutMs, retries: RETRIES, recording: false });
      if (signal.aborted) throw new PodreachError('interrupted');
      const confirmation = confirmed(claims[at] as Claim, result);
      confirmations.push(confirmation);
      progress.note(`mutant ${at + 1} of ${claims.length}, ${scenario.name}: ${confirmation.outcome}`);
    }
  };
  const finish = (): Promise<void> => {
    signal.removeEventListener('abort', close);
    return session.close();
  };
  return resultFirst(async (keep) => {
    // Those that were tried stay, whatever breaks.
    const confirmations: Confirmation[] = [];
    keep(confirmations);
    try {
      await progress.during(`trying ${plural(claims.length, 'mutant')}`, () => run(confirmations));
    } finally {
      const untried = claims.length - confirmations.length;
      if (untried > 0) progress.note(`${untried} of ${plural(claims.length, 'mutant')} not tried`, 'important');
    }
  }, finish);
};
