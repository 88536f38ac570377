import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives each test of the suite an empty cache of its own, which is gone afterwards; returns what tells its folder. */
export const ownCacheHome = (): (() => string) => {
  const before = process.env.XDG_CACHE_HOME;
  let home = '';
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'podreach-cache-'));
    process.env.XDG_CACHE_HOME = home;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
    await rm(home, { recursive: true, force: true });
  });
  return () => home;
};
