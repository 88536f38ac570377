/** One cluster for all workers of `mocha --parallel`: it belongs to mocha's main process, which runs these fixtures. */
import { removeClustersOf } from '../cluster/index.ts';
import { PodreachError } from '../errors.ts';
import { type Owner, ownerText, parseOwner, thisOwner } from '../host/index.ts';
import { silent } from '../progress.ts';
import { guard } from './guard.ts';
import { onSignal } from './signals.ts';

/** Workers inherit it. */
const VARIABLE = 'PODREACH_MOCHA_OWNER';

let stopListening = (): void => {};
let callOffGuard = (): void => {};

/** Mocha calls it once, in its main process, before any test; no cluster is created before one is needed. */
export const mochaGlobalSetup = async (): Promise<void> => {
  process.env[VARIABLE] = ownerText(await thisOwner());
  // It stays at a signal, for a worker may have begun a cluster a moment ago.
  callOffGuard = guard();
  stopListening = onSignal(removeShared);
};

/** Mocha calls it once, in its main process, after all tests. */
export const mochaGlobalTeardown = async (): Promise<void> => {
  stopListening();
  await removeShared();
  callOffGuard();
};

const removeShared = async (): Promise<void> => removeClustersOf(await thisOwner(), silent);

/** mocha's main process, if it runs the fixtures. */
export const sharedOwner = (): Owner | undefined => parseOwner(process.env[VARIABLE]);

/** Throws a PodreachError in a worker of `--parallel` that would create a cluster of its own. */
export const requireSharing = ({ keep, context }: { readonly keep?: boolean; readonly context?: string }): void => {
  if (process.env.MOCHA_WORKER_ID === undefined || keep || context !== undefined || sharedOwner()) return;
  throw new PodreachError('with --parallel, every worker of mocha would create a cluster of its own', {
    hint: 'share one: `--require podreach/mocha`, or `require: podreach/mocha` in .mocharc; or keep it with `keep: true`',
  });
};
