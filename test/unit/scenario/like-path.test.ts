import { join } from 'node:path';
import { expect } from 'chai';
import { loadScenarios } from '../../../src/scenario/index.ts';
import { failureOf } from '../failure-of.ts';
import { withFiles } from './temporary-folder.ts';

const files = { 'scenarios/deny-all/scenario.yaml': '', 'scenarios/no-policy/scenario.yaml': '', 'k/x': '' };

describe('a path that does not exist', () => {
  const table: Readonly<Record<string, string | undefined>> = {
    'scenarios/deny-al': 'scenarios/deny-all',
    'scenario/deny-all': 'scenarios/deny-all',
    'scenaros/dny-all/scenario.yml': 'scenarios/deny-all/scenario.yaml',
    'scenarios/../scenarios/denny-all/': 'scenarios/deny-all',
    // Four letters differ, half of a short word, or nothing is alike.
    'scenarios/deny': undefined,
    'scenarios/allow-everything': undefined,
    x: undefined,
    'scenarios/deny-all/scenario.yaml/x': undefined,
  };
  for (const [path, meant] of Object.entries(table))
    it(`${path} is ${meant ? `met with ${meant}` : 'met with no guess'}`, () =>
      withFiles(files, async (folder) => {
        const { message, hint } = await failureOf(loadScenarios([join(folder, path)]));
        expect(message).to.contain('no such file or folder');
        if (meant === undefined) expect(hint).to.equal(undefined);
        else expect(hint).to.match(new RegExp(`^did you mean \\S*/${meant}\\?$`, 'v'));
      }));
});
