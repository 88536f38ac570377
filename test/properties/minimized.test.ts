import { expect } from 'chai';
import fc from 'fast-check';
import { type Ask, minimize, type Subject, sizeOf, subjectOf, type World, worldIn } from '../../src/minimize/index.ts';
import type { Scenario } from '../../src/scenario/index.ts';
import { load } from '../unit/scenario/temporary-folder.ts';
import { CNIS, differsAs, smallerByOne, subjectsFor } from './planted.ts';

/** What `podreach minimize` allows by itself. */
const TRIES = 200;

const worldOf = (subject: Subject): World => {
  const world = worldIn(subject);
  if (!world) throw new Error('this is no world');
  return world;
};

describe('minimize', () => {
  for (const [name, cni] of Object.entries(CNIS))
    it(`reduces 50 policies to what shows that a CNI ${name}, in 200 tries, and to no part too many`, async () => {
      const property = fc.asyncProperty(subjectsFor(cni, 50), async (subject) => {
        const ask = differsAs(worldOf(subject), cni);
        const found = await minimize(subject, ask, TRIES);
        expect(found).to.include({ isMinimal: true, unsure: 0 });
        expect(await ask(worldOf(found.subject))).to.equal('shows');
        // The ends, and as few policies as can be wrong.
        expect(sizeOf(worldOf(found.subject))).to.include({ pods: 2 });
        for (const smaller of smallerByOne(found.subject))
          expect(await ask(smaller), JSON.stringify(smaller.policies.map(({ manifest }) => manifest.spec))).to.equal(
            'gone',
          );
        expect(await minimize(subject, ask, TRIES)).to.deep.equal(found);
      });
      await fc.assert(property, { numRuns: 2, endOnFailure: true });
    });

  const scenario = async (): Promise<Subject> => {
    const [found] = await load({
      'scenario.yaml': `namespaces:
  prod: {pods: {web: {labels: {app: web, tier: front}, ports: [80, {name: admin, port: 81, protocol: TCP}]}, api: {ports: [80]}}}
  dev: {labels: {env: dev}, pods: {client: {labels: {app: client}}, other: {}}}
  idle: {}
hosts: {office: {address: 172.17.5.10}}
services: {prod/web: {port: 80}}
nodes: {own: {with: dev/other}}
`,
      'policies/all.yaml': ['web', 'api', 'more'].map(policy).join('---\n'),
    });
    const { steps } = found as Scenario;
    return subjectOf(steps[0], { from: 'dev/client', to: 'prod/web', port: 80, protocol: 'TCP' });
  };
  const policy = (name: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: prod, annotations: {secret: hunter2}}
spec:
  podSelector: {matchLabels: {app: ${name}}}
  ingress: [{from: [{namespaceSelector: {matchLabels: {env: dev}}}, {podSelector: {}}], ports: [{port: 80}]}]
`;

  it('leaves nothing but the ends where every world shows it, and asks once for each kind of part', async () => {
    const subject = await scenario();
    const found = await minimize(subject, async () => 'shows', TRIES);
    expect(sizeOf(worldOf(found.subject))).to.deep.equal({ policies: 0, rules: 0, namespaces: 2, pods: 2 });
    expect(found.subject.topology).to.deep.include({ hosts: [], nodes: [], services: [] });
    expect(found.tries).to.be.at.most(8);
  });

  it('leaves everything where no smaller world shows it, and nothing secret', async () => {
    const subject = await scenario();
    const found = await minimize(subject, async () => 'gone', TRIES);
    expect(found.subject).to.equal(subject);
    expect(JSON.stringify(found.subject)).not.to.contain('hunter2');
  });

  it('never asks about a world twice, nor about one that Kubernetes would refuse', async () => {
    const asked: string[] = [];
    const needsPeer: Ask = async ({ policies }) => {
      asked.push(JSON.stringify(policies.map(({ manifest }) => manifest)));
      for (const { spec } of policies) expect(spec.ingress?.every(({ peers }) => peers?.length !== 0)).to.equal(true);
      return policies.some(({ spec }) => spec.ingress?.[0]?.peers) ? 'shows' : 'gone';
    };
    const { subject } = await minimize(await scenario(), needsPeer, TRIES);
    const [left] = worldOf(subject).policies;
    expect(left?.manifest.spec).to.deep.equal({
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: {} }] }],
    });
  });

  it('stops when the tries are used up, and says so; and keeps what gave no clear answer', async () => {
    const subject = await scenario();
    const short = await minimize(subject, async () => 'gone', 3);
    expect(short).to.include({ tries: 3, isMinimal: false });
    const unsure = await minimize(subject, async () => 'unsure', TRIES);
    expect(unsure.subject).to.equal(subject);
    expect(unsure.unsure).to.equal(unsure.tries);
  });

  it('comes to the same result after an interruption at any try', async () => {
    const subject = await scenario();
    const isShown: Ask = async ({ policies }) => (policies.some(({ name }) => name === 'web') ? 'shows' : 'gone');
    const whole = await minimize(subject, isShown, TRIES);
    for (let after = 0; after <= whole.tries; after += 1) {
      const kept = new Map<string, Awaited<ReturnType<Ask>>>();
      const remembering =
        (limit: number): Ask =>
        async (world) => {
          const key = JSON.stringify([world.topology, world.policies.map(({ manifest }) => manifest)]);
          if (!kept.has(key) && kept.size >= limit) throw new Error('interrupted');
          const answer = kept.get(key) ?? (await isShown(world));
          kept.set(key, answer);
          return answer;
        };
      await minimize(subject, remembering(after), TRIES).catch(() => {});
      expect(await minimize(subject, remembering(TRIES), TRIES)).to.deep.equal(whole);
    }
  });
});
