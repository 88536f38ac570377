import { expect } from 'chai';
import { execa } from 'execa';

/** Go builds it from its module, which go.sum pins, and keeps it in its own cache. */
const options = { cwd: new URL('actionlint', import.meta.url), stdin: 'ignore', reject: false, all: true } as const;

/** Fails if actionlint finds anything in these workflows, and if it can't be run. */
export const requireLinted = async (files: readonly string[]): Promise<void> => {
  const { exitCode, all } = await execa('go', ['tool', 'actionlint', '-shellcheck=', '-pyflakes=', ...files], options);
  expect(exitCode, all).to.equal(0);
};
