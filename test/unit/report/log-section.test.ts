import { expect } from 'chai';
import type { CreateReporter } from '../../../src/report/index.ts';
import type { ReporterOptions } from '../../../src/report/reporter.ts';
import { reporters } from '../../../src/report/reporters/index.ts';
import { STOP_COMMANDS } from '../../../src/report/workflow-commands.ts';
import { commandsRun } from './commands-run.ts';
import { threeRuns } from './formats/three-runs.ts';
import { runOf, scenarioOf, seen, stepOf } from './sample-run.ts';

const printed = async (options: Partial<ReporterOptions>, result = threeRuns): Promise<readonly string[]> => {
  const create: CreateReporter = reporters.terminal;
  const { onScenarioEnd } = create({ colour: false, ...options });
  return Promise.all(result.scenarios.map(async (scenario) => [...((await onScenarioEnd?.(scenario)) ?? [])].join('')));
};

/** After the github reporter has stopped commands. */
const run = (text: string) => commandsRun(STOP_COMMANDS + text);

describe('a section of a log', () => {
  it('is a group on GitHub, with the line about the scenario as its head', async () => {
    const [passed = '', failed = ''] = await printed({ sections: 'github' });
    const [plain = ''] = await printed({});
    const [head = '', ...rest] = plain.split('\n');
    expect(run(passed)).to.deep.equal([`::group::${head}`, '::endgroup::']);
    expect(passed).to.contain(rest.join('\n'));
    expect(run(failed)).to.deep.equal(['::group::failed  differs', '::endgroup::']);
  });

  it('lets no name of others be a command of GitHub', async () => {
    const name = '100%\n::error::owned\r\n::endgroup::';
    const step = stepOf([seen([name, 'a/b', '80/TCP', 'allowed'])]);
    const intent = '::error::owned\n  ::set-env name=x::y';
    const hostile = runOf(scenarioOf([step], { name, intent }));
    const [text = ''] = await printed({ sections: 'github', colour: true }, hostile);
    expect(run(text)).to.deep.equal(['::group::passed  100%25\\n::error::owned\\r\\n::endgroup::', '::endgroup::']);
  });

  it('can be folded on GitLab, and is if it passed', async () => {
    const [passed = '', failed = ''] = await printed({ sections: 'gitlab' });
    const mark = (text: string) => `\x1b[0K${text}\r\x1b[0K`;
    const timeless = (text: string) => text.replaceAll(/(?<=section_(?:start|end):)\d+/g, 'T');
    const begin = mark('section_start:T:podreach_1[collapsed=true]');
    const [plain = ''] = await printed({});
    expect(timeless(passed)).to.equal(`${begin}${plain}${mark('section_end:T:podreach_1')}\n`);
    expect(timeless(failed).startsWith(`${mark('section_start:T:podreach_2')}failed  differs\n`)).to.equal(true);
  });
});
