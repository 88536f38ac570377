import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { execa } from 'execa';
import { type Client, connect, pathOf } from '../../../src/kube/index.ts';
import { processesWith, untilEnded } from '../../faults/processes.ts';
import { keptKubeconfig, removeCopies, temporaryFolder } from '../door.ts';

const WITHIN_MS = 120_000;
const MARKER = `PODREACH_MARKER=e2e-mocha-${process.pid}`;

const suiteOf = (scenario: string) => `
import { describeScenarios } from '${import.meta.resolve('../../../src/mocha/index.ts')}';
await describeScenarios('scenarios/${scenario}', { keep: true });
`;

/** Someone presses Ctrl-C while two workers of mocha probe on the kept cluster. */
describe('podreach/mocha with --parallel, interrupted', () => {
  let client: Client;
  before(async () => {
    client = connect(await keptKubeconfig());
  });
  after(async () => {
    client?.close();
    await removeCopies();
  });

  const namespaces = async () =>
    (await client.list(pathOf('Namespace'), { labelSelector: 'podreach/run' })).map(({ metadata }) => metadata.name);

  const until = async (hasCome: () => Promise<boolean>, what: string) => {
    for (const endMs = Date.now() + WITHIN_MS; !(await hasCome()); await sleep(200))
      if (Date.now() > endMs) expect.fail(`${what}, but: ${await namespaces()}`);
  };

  it('leaves no namespace, and no process', async () => {
    const folder = await temporaryFolder();
    const files = ['deny-all', 'allow-from-dev'].map(
      (scenario) => [join(folder, `${scenario}.mjs`), scenario] as const,
    );
    for (const [file, scenario] of files) await writeFile(file, suiteOf(scenario));
    const [name = '', marker] = MARKER.split('=');
    const running = execa(
      process.execPath,
      ['node_modules/mocha/bin/mocha.js', '--no-config', '--parallel', '--jobs', '2', ...files.map(([file]) => file)],
      { reject: false, all: true, detached: true, stdin: 'ignore', env: { [name]: marker } },
    );
    await until(
      async () => (await namespaces()).filter((one) => one.startsWith('prod-')).length === 2,
      'the workers were to create their namespaces',
    );
    process.kill(-(running.pid as number), 'SIGINT');
    await running;
    await until(async () => (await namespaces()).length === 0, 'no namespace was to be left');
    await untilEnded(MARKER, WITHIN_MS);
    expect(processesWith(MARKER)).to.deep.equal([]);
  });
});
