import { expect } from 'chai';
import { searchOn } from '../../../../src/commands/minimize/run-live.ts';
import type { Task } from '../../../../src/commands/minimize/task.ts';
import type { Seen, Tries } from '../../../../src/commands/minimize/tries.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { type Subject, subjectOf, type World, worldIn } from '../../../../src/minimize/index.ts';
import { silent } from '../../../../src/progress.ts';
import type { Trial, Trials } from '../../../../src/run/index.ts';
import { failureOf } from '../../failure-of.ts';
import { policyOf, scenarioOf, topologyOf } from '../../run/fake-stage.ts';

const cell = { from: 'prod/client', to: 'prod/web', port: 80, protocol: 'TCP' as const };

const task = (): Task => {
  const policies = ['a', 'b', 'c', 'd'].map((name) => policyOf(name, { podSelector: {}, ingress: [{}] }));
  const scenario = scenarioOf('shop', [{ policies }], topologyOf());
  const [step] = scenario.steps;
  const subject = subjectOf(step, cell);
  return { scenario, step, subject, world: worldIn(subject) as World, output: '', triesAtMost: 200 };
};

/** What a look at a world shows: a verdict, or that it breaks. */
type Look = 'allowed' | 'dropped' | 'error' | 'flaky' | 'throws';

/** On a CNI that is asked world by world; `looks` are what was shown. */
const trialsOf = (look: (world: World, before: number) => Look) => {
  const looks: Look[] = [];
  const take: Trials['take'] = async (world) => {
    const shown = look(world as World, looks.length);
    looks.push(shown);
    if (shown === 'throws') throw new PodreachError('the agent is late');
    const verdict = shown === 'flaky' ? 'dropped' : shown;
    const observation = { ...cell, verdict, flaky: shown === 'flaky', attempts: 1, detail: 'nc: hm' };
    const trial = { seen: [{ observation, decision: 'allow' }], deployment: { endpoints: new Map(), namespaces: [] } };
    return trial as unknown as Trial;
  };
  return { trials: { take } as Trials, looks };
};

const memory = (
  kept = new Map<string, Seen>(),
): Pick<Tries, 'known' | 'keep'> & { readonly kept: Map<string, Seen> } => {
  const keyOf = ({ topology, policies }: Subject) => JSON.stringify([topology, policies.map((one) => one.manifest)]);
  return {
    kept,
    known: (world) => kept.get(keyOf(world)),
    keep: async (world, seen) => void kept.set(keyOf(world), seen),
  };
};

const search = (look: Parameters<typeof trialsOf>[0], tries = memory()) => {
  const { trials, looks } = trialsOf(look);
  const options = { tries, progress: silent, signal: new AbortController().signal, isBundled: false };
  return { found: searchOn(trials, task(), options), looks };
};

const dropsWithB = ({ policies }: World): Look => (policies.some(({ name }) => name === 'b') ? 'dropped' : 'allowed');

describe('a search on pods', () => {
  it('keeps the policy with which the CNI drops what the specification allows, and tries the result twice more', async () => {
    const { found, looks } = search(dropsWithB);
    const { finding } = await found;
    expect(finding.subject.policies.map(({ name }) => name)).to.deep.equal(['b']);
    expect(finding).to.deep.include({ isMinimal: true, unsure: 0, confirmed: { shown: 2, times: 2 } });
    expect(finding.mismatch).to.deep.equal({ kind: 'cni', cell, decision: 'allow', observed: 'dropped' });
    expect(looks).to.have.length(1 + finding.tries + 2);
  });

  it('asks again what broke, and takes it neither for the mismatch nor for none', async () => {
    const broken: Record<number, Look> = { 2: 'error', 3: 'throws', 6: 'flaky' };
    const { found } = search((world, before) => broken[before] ?? dropsWithB(world));
    const { finding } = await found;
    expect(finding.subject.policies.map(({ name }) => name)).to.deep.equal(['b']);
    expect(finding.unsure).to.equal(0);
  });

  it('gives up what breaks each time, and goes on from there in the next run', async () => {
    const tries = memory();
    const { found } = search((world, before) => (before < 3 ? dropsWithB(world) : 'throws'), tries);
    const { message } = await failureOf(found);
    expect(message).to.equal('prod/client -> prod/web 80/TCP could not be tried: the agent is late');
    expect(tries.kept.size).to.equal(3);
    const whole = await search(dropsWithB).found;
    const again = search(dropsWithB, tries);
    expect(await again.found).to.deep.equal(whole);
    expect(again.looks).to.have.length(whole.finding.tries + 3 - 3);
  });

  it('keeps what is flaky each time, and says so', async () => {
    const { found } = search((world) => (world.policies.length === 4 ? 'dropped' : 'flaky'));
    const { finding } = await found;
    expect(finding.subject.policies).to.have.length(4);
    expect(finding.unsure).to.be.within(1, finding.tries);
  });

  it('counts how often the result shows it in the end', async () => {
    const looked = new Map<string, number>();
    const { found } = search(({ topology, policies }) => {
      const key = JSON.stringify([topology, policies.map(({ name }) => name)]);
      looked.set(key, (looked.get(key) ?? 0) + 1);
      return looked.get(key) === 3 ? 'allowed' : 'dropped';
    });
    expect((await found).finding.confirmed).to.deep.equal({ shown: 1, times: 2 });
  });

  it('refuses a cell with which nothing is wrong, or whose verdict changes', async () => {
    const { message } = await failureOf(search(() => 'allowed').found);
    expect(message).to.contain('is allowed, and the specification says allow: the CNI does nothing wrong there');
    expect((await failureOf(search(() => 'flaky').found)).message).to.contain('is flaky');
  });
});
