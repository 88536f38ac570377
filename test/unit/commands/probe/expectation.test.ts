import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { existingPod } from '../../../../src/attach/existing-pod.ts';
import { probesBetween } from '../../../../src/attach/probes-between.ts';
import { wayOf } from '../../../../src/attach/way.ts';
import { expecting, readExpectationOf } from '../../../../src/commands/probe/expectation.ts';
import { updatingGrids } from '../../../../src/commands/run/update-grids.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { type ProbePlan, runProbe } from '../../../../src/run/index.ts';
import { fakeCluster, podObject } from '../../attach/fake-cluster.ts';
import { OPEN, probeScript, SILENT } from '../../run/probe-script.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const objects = ['prod/api', 'prod/web'].map((endpoint, at) => {
  const { status } = podObject(endpoint);
  return podObject(endpoint, { status: { ...status, podIPs: [{ ip: `10.0.0.${at + 1}` }] } });
});
const pods = objects.map((pod) => existingPod(pod, null));
const plan: ProbePlan = {
  context: 'kind-dev',
  namespaces: ['prod'],
  pods,
  ways: new Map(pods.map((pod) => [pod.endpoint, wayOf(pod, 'auto', true)])),
  probes: probesBetween(pods),
  image: 'probe:1',
  container: 'podreach-abc',
  timeoutMs: 2000,
  retries: 1,
  repeatEach: 1,
  failOnFlaky: false,
};

const grid = (toApi: string) =>
  `grid: |2\n            prod/api  prod/web\n            80/TCP    80/TCP\n  prod/api  #         .\n  prod/web  ${toApi}         #\n`;

/** What becomes of the file and of the status if `prod/web` does not reach `prod/api`, which nobody may explain. */
const updated = (text: string | null) =>
  withFiles(text === null ? {} : { 'expect.yaml': text }, async (folder) => {
    const file = join(folder, 'expect.yaml');
    const expectation = await readExpectationOf({ expect: file, updateSnapshots: true });
    if (!expectation) throw new Error('no expectation');
    const { plan: judged, scenario } = expecting(plan, expectation);
    const cluster = fakeCluster(objects, {
      exec: probeScript((probe) => (probe === 'prod/web 10.0.0.1:80' ? SILENT : OPEN)),
    });
    const refuse = async () => {
      throw new PodreachError('403 Forbidden');
    };
    const list: typeof cluster.list = async (path) => (path.endsWith('/pods') ? cluster.list(path) : refuse());
    const { progress, notes } = fakeTerminal();
    const result = await runProbe({ ...cluster, get: refuse, list }, judged, {
      progress,
      signal: new AbortController().signal,
    });
    const updating = updatingGrids([scenario], { onStepEnd: () => {}, onScenarioEnd: () => {} }, progress);
    for (const one of result.scenarios) updating.events.onScenarioEnd(one);
    const { scenarios } = await updating.applied(result);
    return {
      before: result.scenarios[0]?.status,
      after: scenarios[0]?.status,
      text: await readFile(file, 'utf8'),
      notes,
    };
  });

describe('probe -u', () => {
  it('creates the grid, which is then met', async () => {
    const { before, after, text, notes } = await updated(null);
    expect([before, after]).to.deep.equal(['unjudged', 'pass']);
    expect(text).to.equal(grid('X'));
    expect(notes.join('\n')).to.match(/^prod in kind-dev: wrote what was seen into .*expect\.yaml$/);
  });

  it('replaces a grid that is not met', async () => {
    const { before, after, text } = await updated(grid('.'));
    expect([before, after, text]).to.deep.equal(['fail', 'pass', grid('X')]);
  });

  it('leaves a grid that is met, and rules, as they are', async () => {
    for (const [text, status] of [
      [`# ours\n${grid('D')}`, 'pass'],
      ['default: allow\n', 'fail'],
    ] as const) {
      const { after, text: now, notes } = await updated(text);
      expect([after, now, notes]).to.deep.equal([status, text, []]);
    }
  });
});
