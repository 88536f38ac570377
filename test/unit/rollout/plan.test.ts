import { expect } from 'chai';
import { worldOf } from '../../../src/matrix/index.ts';
import { type Action, planRollout, statesOf } from '../../../src/rollout/index.ts';
import { eachProbeIn, type Step } from '../../../src/scenario/index.ts';
import { decideNaively } from '../../naive/decide.ts';
import type { RawPolicy } from '../../naive/manifest.ts';
import { failureOf } from '../failure-of.ts';
import { load } from '../scenario/temporary-folder.ts';

const PODS = ['a', 'b', 'c', 'd'];

const stepWith = async (policies: readonly string[], pods: readonly string[] = PODS): Promise<Step> => {
  const written = pods.map((name) => `${name}: {labels: {app: ${name}}, ports: [80]}`).join(', ');
  const [scenario] = await load({
    'scenario.yaml': `namespaces: {shop: {pods: {${written}}}}\nexpect: model\n`,
    'policies/all.yaml': policies.join('\n---\n'),
  });
  return scenario?.steps[0] as Step;
};

/** A policy that lets these pods in. */
const policy = (name: string, app: string, from: readonly string[]): string => {
  const peers = from.map((one) => `{podSelector: {matchLabels: {app: ${one}}}}`).join(', ');
  const rules = from.length > 0 ? `[{from: [${peers}]}]` : '[]';
  return `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: shop}
spec: {podSelector: ${app === '' ? '{}' : `{matchLabels: {app: ${app}}}`}, policyTypes: [Ingress], ingress: ${rules}}`;
};

/** A deny for the whole namespace, and what lets each pod's next one in. */
const allows = (pods: readonly string[]): readonly string[] =>
  pods.map((pod, at) => policy(`of-${pod}`, pod, [pods[(at + 1) % pods.length] as string]));

const noPause = async (): Promise<void> => {};

const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }) => `${namespace}/${name}`;

/** The policies after each action. */
const statesAfter = (before: Step, actions: readonly Action[]): readonly (readonly RawPolicy[])[] => {
  const now = new Map<string, object>(before.policies.map((one) => [keyOf(one), one.manifest]));
  return actions.map((action) => {
    const [name, manifest] =
      'temporary' in action
        ? [keyOf(action.temporary), action.temporary.manifest]
        : [action.policy.name, action.policy.after?.manifest];
    now.delete(name);
    if (action.kind.startsWith('apply')) now.set(name, manifest as object);
    return [...now.values()] as unknown as readonly RawPolicy[];
  });
};

/** Every cell in each state, by a procedure that shares nothing with the planner. */
const harmOf = (before: Step, after: Step, actions: readonly Action[]): readonly string[] => {
  const world = worldOf({ topology: after.topology });
  const decide = (policies: readonly RawPolicy[]) =>
    [...eachProbeIn(after.topology, ['IPv4'])].map((probe) => decideNaively(policies, world, probe));
  const raw = ({ policies }: Step) => policies.map(({ manifest }) => manifest) as unknown as readonly RawPolicy[];
  const [first, last] = [decide(raw(before)), decide(raw(after))];
  const states = statesAfter(before, actions);
  // A live proof goes through the same.
  const walked = statesOf(before, actions).slice(1);
  for (const [turn, state] of states.entries())
    expect(walked[turn]?.map(({ manifest }) => manifest)).to.have.deep.members([...state]);
  expect(decide(states.at(-1) ?? [])).to.deep.equal(last);
  return states.flatMap((state, turn) =>
    decide(state).flatMap((decision, cell) =>
      first[cell] === last[cell] && decision !== first[cell] ? [`turn ${turn + 1}, cell ${cell}: ${decision}`] : [],
    ),
  );
};

const namesIn = (actions: readonly Action[] | null) =>
  actions?.map((action) => `${action.kind} ${'policy' in action ? action.policy.name : action.temporary.name}`);

describe('planRollout', () => {
  it('lets what is allowed come before the deny', async () => {
    const before = await stepWith([]);
    const after = await stepWith([policy('deny', '', []), ...allows(PODS)]);
    const { actions, naive, undecided, written, unchanged } = await planRollout(before, after, noPause);
    expect(harmOf(before, after, actions ?? [])).to.deep.equal([]);
    expect(namesIn(actions)?.at(-1)).to.equal('apply shop/deny');
    // As written, the deny comes first, and cuts all four that stay open until they are let in again one by one.
    expect(naive.map(({ after: turn, cut }) => [turn, cut.length])).to.deep.equal([
      [1, 4],
      [2, 3],
      [3, 2],
      [4, 1],
    ]);
    expect(undecided).to.equal(0);
    expect(namesIn(written)?.[0]).to.equal('apply shop/deny');
    // Of the twelve between four pods, those that the allows let in, and the others change.
    expect([unchanged.open.length, unchanged.blocked.length]).to.deep.equal([4, 0]);
  });

  it('lets a deny go last, and takes it away first', async () => {
    const before = await stepWith([policy('deny', '', []), ...allows(PODS)]);
    const after = await stepWith([]);
    const { actions } = await planRollout(before, after, noPause);
    expect(namesIn(actions)?.[0]).to.equal('delete shop/deny');
    // Each allow isolates, too: the others stay blocked until it is gone, which is no harm.
    expect(harmOf(before, after, actions ?? [])).to.deep.equal([]);
  });

  it('needs a temporary policy where two policies swap what they allow', async () => {
    const before = await stepWith([policy('one', 'a', ['b']), policy('two', 'a', ['c'])]);
    const after = await stepWith([policy('one', 'a', ['c']), policy('two', 'a', ['b'])]);
    const { actions, naive } = await planRollout(before, after, noPause);
    expect(naive.map(({ cut }) => cut.map(({ from }) => from))).to.deep.equal([['shop/b']]);
    expect(namesIn(actions)).to.deep.equal([
      'apply-temporary podreach-temporary-a-ingress',
      'apply shop/one',
      'apply shop/two',
      'delete-temporary podreach-temporary-a-ingress',
    ]);
    expect(harmOf(before, after, actions ?? [])).to.deep.equal([]);
  });

  it('plans twelve policies whose every order as written does harm', async () => {
    const pods = Array.from({ length: 12 }, (_, at) => `p${at}`);
    const before = await stepWith([policy('deny', '', []), ...allows(pods).slice(0, 3)], pods);
    const after = await stepWith([policy('deny', '', []), ...allows(pods).slice(3)], pods);
    const startedUs = process.cpuUsage();
    const { actions } = await planRollout(before, after, noPause);
    const { user, system } = process.cpuUsage(startedUs);
    expect((user + system) / 1000, 'ms of processor time').to.be.below(1_000);
    expect(actions).to.have.length(12);
    expect(harmOf(before, after, actions ?? [])).to.deep.equal([]);
    const interrupted = planRollout(before, after, () => Promise.reject(new Error('interrupted')));
    expect((await failureOf(interrupted)).message).to.equal('interrupted');
  });
});
