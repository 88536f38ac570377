import { policyLeftovers, withTemporaryPolicies } from '../../deploy/index.ts';
import {
  type AllowAllFact,
  type Facts,
  isKnown,
  type Known,
  type PairPolicy,
  pairPolicies,
} from '../../diagnose/index.ts';
import { PodreachError } from '../../errors.ts';
import { removeLeftovers } from '../../host/index.ts';
import type { Client } from '../../kube/index.ts';
import { pause } from '../../pause.ts';
import { type Ended, resultFirst } from '../../result-first.ts';
import { plural } from '../../text.ts';
import type { Terminal } from '../terminal/index.ts';
import { policyRights } from './rights.ts';

/** The cluster removes the policies after this time, if podreach does not. */
const LIFE_SECONDS = 60;
/** How long an agent may take to enforce them. */
const ENFORCED_MS = 8_000;
const PAUSE_MS = 300;

/** A test that could be made, if the user agrees. */
export interface AllowAllTest {
  readonly policies: readonly PairPolicy[];
  readonly mayExpire: ReadonlySet<string>;
}

/** The test, or why it can't be made. */
export const planAllowAll = async (client: Client, facts: Facts, signal: AbortSignal): Promise<Known<AllowAllTest>> => {
  const policies = pairPolicies(facts);
  if (!isKnown(policies)) return policies;
  const namespaces = [...new Set(policies.value.map(({ namespace }) => namespace))];
  const rights = await Promise.all(
    namespaces.map(async (name) => ({ name, ...(await policyRights(client, name, signal)) })),
  );
  const lacks = rights.flatMap(({ missing }) => missing ?? []);
  if (lacks.length > 0) return { missing: lacks.join(', and ') };
  const mayExpire = new Set(rights.flatMap((one) => (one.mayExpire ? [one.name] : [])));
  return { value: { policies: policies.value, mayExpire } };
};

/** What it does, for the user to agree to. */
export const allowAllLines = ({ policies, mayExpire }: AllowAllTest): readonly string[] => [
  `  if it is blocked, ${plural(policies.length, 'temporary policy', 'temporary policies')} that ${policies.length === 1 ? 'allows' : 'allow'} everything between just these pods:`,
  ...policies.map(
    ({ namespace, direction, selects }) =>
      `    ${direction} of ${selects} in ${namespace}; podreach removes it within seconds; ${mayExpire.has(namespace) ? `if podreach is killed, the cluster does after ${LIFE_SECONDS} s` : 'if podreach is killed, its next diagnose or `podreach cluster gc --context` does, because you are not allowed to create and delete jobs there'}`,
  ),
];

/**
 * What the probe sees under the temporary policies, once it gets through or the time for that is over; then what could not be
 * removed.
 */
export const testAllowAll = async (
  client: Client,
  { policies, mayExpire }: AllowAllTest,
  name: string,
  probe: () => Promise<AllowAllFact>,
  { signal, progress }: Pick<Terminal, 'signal' | 'progress'>,
): Promise<Ended<AllowAllFact>> => {
  const untilOpen = async (): Promise<AllowAllFact> => {
    const endMs = performance.now() + ENFORCED_MS;
    for (;;) {
      const seen = await probe();
      const isOpen = isKnown(seen) && seen.value.verdict === 'allowed';
      if (isOpen || performance.now() > endMs) return seen;
      await pause(PAUSE_MS, signal, 'the test');
    }
  };
  return progress.during('a temporary allow-all', () =>
    resultFirst((keep) =>
      withTemporaryPolicies(client, policies, { name, seconds: LIFE_SECONDS, mayExpire, signal }, async () =>
        keep(await untilOpen()),
      ),
    ),
  );
};

/** Removes what an earlier diagnosis left in these namespaces because it was killed. Whoever may not look there has left nothing. */
export const removeEarlier = async (
  client: Client,
  namespaces: readonly string[],
  { signal, progress }: Pick<Terminal, 'signal' | 'progress'>,
): Promise<void> => {
  const found = await Promise.all(
    namespaces.map((namespace) =>
      policyLeftovers(client, { namespace }, signal).catch((error: unknown) => {
        if (signal.aborted || !(error instanceof PodreachError)) throw error;
        return [];
      }),
    ),
  );
  for (const { name, why } of found.flat())
    progress.note(`removing the temporary policy ${name} of an earlier diagnosis: ${why}`, 'important');
  await removeLeftovers(found.flat(), progress);
};
