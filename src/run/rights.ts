import { missingRights, type Right, rightText } from '../attach/index.ts';
import { PodreachError } from '../errors.ts';
import type { Client } from '../kube/index.ts';

/** All that a run creates is in its namespaces, or is one, and goes with them. */
const TO_CLEAN_UP: readonly Right[] = [{ verb: 'delete', resource: 'namespaces' }];

/** Throws a PodreachError if the user may not remove what a run creates. */
export const requireRightsToCleanUp = async (client: Client, signal: AbortSignal): Promise<void> => {
  const missing = await missingRights(client, null, TO_CLEAN_UP, signal);
  if (missing.length === 0) return;
  throw new PodreachError(
    `the user of context ${client.context} is not allowed to ${missing.map(rightText).join(', ')}, so a run could not remove what it creates`,
    { hint: 'docs/your-cluster.md has a ClusterRole that grants what a run needs' },
  );
};
