import { expect } from 'chai';
import type { Deployment } from '../../../src/deploy/index.ts';
import { PodreachError } from '../../../src/errors.ts';
import type { ScenarioResult } from '../../../src/matrix/index.ts';
import { runScenario } from '../../../src/run/scenario.ts';
import type { Policy } from '../../../src/scenario/index.ts';
import { OPEN, TIMED_OUT } from '../probe/fake-targets.ts';
import { skipPauses } from '../skip-pauses.ts';
import { fakeDeployment, fakeStage, scenarioOf, topologyOf } from './fake-stage.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** Pods whose policies take effect so long after every node has followed, each time they are applied. */
const behind = (lateMs: number, more: Partial<Deployment> = {}) => {
  const deployment = fakeDeployment();
  let due: { readonly policies: readonly Policy[]; readonly atMs: number } | undefined;
  const apply = async () => {
    if (due && performance.now() >= due.atMs) await deployment.applyPolicies(due.policies);
  };
  const pods: Deployment = Object.create(deployment, {
    applyPolicies: {
      value: async (policies: readonly Policy[]) => {
        due = { policies, atMs: performance.now() + lateMs };
        await apply();
      },
    },
    source: {
      value: (name: string) => {
        const real = deployment.source(name);
        return {
          endpoint: name,
          exec: async (...all: Parameters<typeof real.exec>) => {
            await apply();
            return real.exec(...all);
          },
        };
      },
    },
    ...Object.fromEntries(Object.entries(more).map(([key, value]) => [key, { value }])),
  });
  return pods;
};

const seenIn = ({ steps }: ScenarioResult) =>
  steps.map(({ status, cells, late }) => ({
    status,
    seen: cells.find(({ from, to }) => from !== to)?.observed,
    late: late?.cells.map(({ direction }) => direction),
  }));

const lateIn = ({ steps }: ScenarioResult, step: number) => steps[step]?.late?.cells[0]?.afterMs ?? null;

describe('a matrix in which the change does not show yet', () => {
  skipPauses();

  it('is taken again when it does, in both directions, and says how late that was', async () => {
    const scenario = scenarioOf('late', [{}, { deny: true }, {}]);
    const result = await runScenario(scenario, behind(3_000), fakeStage());
    expect(seenIn(result)).to.deep.equal([
      { status: 'pass', seen: 'allowed', late: undefined },
      { status: 'pass', seen: 'dropped', late: ['closed'] },
      { status: 'pass', seen: 'allowed', late: ['opened'] },
    ]);
    for (const step of [1, 2]) expect(lateIn(result, step)).to.be.within(3_000, 3_300);
  });

  it('is awaited after the first change of a scenario as well, and when pods are new', async () => {
    const first = await runScenario(scenarioOf('first', [{ deny: true }]), behind(1_000), fakeStage());
    expect(seenIn(first)).to.deep.equal([{ status: 'pass', seen: 'dropped', late: ['closed'] }]);
  });

  it('stays as it is if the change does not show by the deadline', async () => {
    const stage = fakeStage({ settleTimeoutMs: 2_000 });
    const startMs = performance.now();
    const result = await runScenario(scenarioOf('never', [{}, { deny: true }]), behind(NEVER), stage);
    expect(performance.now() - startMs).to.be.within(2_000, 2_600);
    expect(seenIn(result)[1]).to.deep.equal({ status: 'fail', seen: 'allowed', late: ['closed'] });
    expect(result.steps[1]?.late).to.deep.include({ deadlineMs: 2_000 });
    expect(lateIn(result, 1)).to.equal(null);
  });

  it('is awaited whatever is expected', async () => {
    const scenario = scenarioOf('wrong', [{}, { deny: true, expectation: 'allow' }]);
    const result = await runScenario(scenario, behind(1_000), fakeStage());
    expect(seenIn(result)[1]).to.deep.equal({ status: 'fail', seen: 'dropped', late: ['closed'] });
  });

  it('is not awaited for a cell that the change should leave as it is', async () => {
    // What nobody denies is blocked after a while, and no policy changes.
    let asked = 0;
    const deployment = fakeDeployment(topologyOf(), (_, from) => {
      if (from === 'prod/client') asked += 1;
      return from === 'prod/client' && asked > 2 ? TIMED_OUT : OPEN;
    });
    const startMs = performance.now();
    const result = await runScenario(scenarioOf('dead', [{}, {}, {}]), deployment, fakeStage());
    expect(seenIn(result).at(-1)).to.deep.include({ seen: 'dropped', late: undefined });
    expect(performance.now() - startMs).to.be.below(20_000);
  });

  it('is not awaited if somebody deleted a policy meanwhile', async () => {
    const requirePolicies = async (): Promise<never> => {
      throw new PodreachError('prod/deny-gone is not there any more');
    };
    const stage = fakeStage();
    const startMs = performance.now();
    const pods = behind(NEVER, { requirePolicies });
    const { status, steps } = await runScenario(scenarioOf('gone', [{ deny: true }]), pods, stage);
    expect(status).to.equal('error');
    expect(steps[0]?.problem).to.equal('prod/deny-gone is not there any more');
    expect(performance.now() - startMs).to.be.below(1_000);
  });
});
