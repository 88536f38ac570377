import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where everything that outlives a run is kept: built programs, file systems, manifests, the ledger, compiled code. */
export const cacheFolder = (): string => join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'podreach');
