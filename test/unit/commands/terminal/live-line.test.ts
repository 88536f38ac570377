import { expect } from 'chai';
import { type LiveChoice, wantsLive } from '../../../../src/commands/terminal/live-line.ts';

const terminal: LiveChoice = { colour: true, quiet: false, env: { TERM: 'xterm' }, isTty: true };

describe('a line that is redrawn', () => {
  it('is for a terminal', () => {
    expect(wantsLive(terminal)).to.equal(true);
  });

  for (const [what, changes] of Object.entries({
    'a file': { isTty: false },
    'a file, although colours are forced': { isTty: false, env: { FORCE_COLOR: '1' } },
    '--quiet': { quiet: true },
    '--no-color': { colour: false },
    NO_COLOR: { env: { NO_COLOR: '1' } },
    'TERM=dumb': { env: { TERM: 'dumb' } },
    'GitHub Actions': { env: { GITHUB_ACTIONS: 'true' } },
    GitLab: { env: { GITLAB_CI: 'true' } },
  } satisfies Record<string, Partial<LiveChoice>>))
    it(`is not for ${what}`, () => {
      expect(wantsLive({ ...terminal, ...changes })).to.equal(false);
    });
});
