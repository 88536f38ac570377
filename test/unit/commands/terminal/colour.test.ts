import { expect } from 'chai';
import { type ColourChoice, wantsColour } from '../../../../src/commands/terminal/colour.ts';

const base: ColourChoice = { flag: true, env: {}, isTty: true };

/** By no-color.org and force-color.org; `false` is what chalk and others take for 0. */
const table: readonly (readonly [what: string, change: Partial<ColourChoice>, wanted: boolean])[] = [
  ['a terminal', {}, true],
  ['a pipe', { isTty: false }, false],
  ['a terminal of a known kind', { env: { TERM: 'xterm-256color' } }, true],
  ['a dumb terminal', { env: { TERM: 'dumb' } }, false],
  ['NO_COLOR=1', { env: { NO_COLOR: '1' } }, false],
  ['NO_COLOR=0, which is a value like any other', { env: { NO_COLOR: '0' } }, false],
  ['an empty NO_COLOR', { env: { NO_COLOR: '' } }, true],
  ['FORCE_COLOR=1 and a pipe', { env: { FORCE_COLOR: '1' }, isTty: false }, true],
  ['FORCE_COLOR=true and a pipe', { env: { FORCE_COLOR: 'true' }, isTty: false }, true],
  ['FORCE_COLOR=1 and a dumb terminal', { env: { FORCE_COLOR: '1', TERM: 'dumb' } }, true],
  ['FORCE_COLOR=0 and a terminal', { env: { FORCE_COLOR: '0' } }, false],
  ['FORCE_COLOR=false and a terminal', { env: { FORCE_COLOR: 'false' } }, false],
  ['an empty FORCE_COLOR and a terminal', { env: { FORCE_COLOR: '' } }, true],
  ['an empty FORCE_COLOR and a pipe', { env: { FORCE_COLOR: '' }, isTty: false }, false],
  ['NO_COLOR beside FORCE_COLOR', { env: { NO_COLOR: '1', FORCE_COLOR: '1' } }, false],
  ['--no-color and a terminal', { flag: false }, false],
  ['--no-color beside FORCE_COLOR', { flag: false, env: { FORCE_COLOR: '1' } }, false],
];

describe('wantsColour', () => {
  for (const [what, change, wanted] of table)
    it(`${wanted ? 'paints' : 'does not paint'} with ${what}`, () => {
      expect(wantsColour({ ...base, ...change })).to.equal(wanted);
    });
});
