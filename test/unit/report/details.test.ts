import { expect } from 'chai';
import { type Deciders, predict, type Situation, type StepResult } from '../../../src/matrix/index.ts';
import { decidersIn } from '../../../src/report/details/deciders.ts';
import { readRun } from '../../../src/report/read/run.ts';
import { json } from '../../../src/report/reporters/index.ts';
import { load } from '../scenario/temporary-folder.ts';
import { observedRun } from './html/observed-run.ts';
import { contract, published } from './json-contract.ts';
import { expectedOf, seen, stepOf } from './sample-run.ts';

const written = async () => JSON.parse([...json(await observedRun())].join(''));

const situationOf = async (files: Readonly<Record<string, string>>): Promise<Situation> => {
  const [scenario] = await load(files);
  const [step] = scenario?.steps ?? [];
  if (!step) throw new RangeError('no step');
  return step;
};

/** A step of this scenario, as if everything had been seen as the model says. */
const stepWith = async (files: Readonly<Record<string, string>>): Promise<StepResult> => {
  const situation = await situationOf(files);
  const observed = predict(situation).map(({ from, to, port, protocol, decision }) =>
    seen([from, to, `${port}/${protocol as 'TCP'}`, decision === 'deny' ? 'dropped' : 'allowed']),
  );
  return { ...stepOf(observed, expectedOf(observed)), situation };
};

/** The sides that decide between two ends. */
const sidesOf = ({ classes, sides, cells }: Deciders, from: string, to: string) => {
  const classOf = (name: string) => classes.findIndex((members) => members.includes(name));
  const found = cells.find((one) => one.from === classOf(from) && one.to === classOf(to));
  return found?.sides.map((side) => sides[side]);
};

describe('what JSON says beyond the cells', () => {
  it('keeps the contract and its schema, and is read again as it was', async () => {
    const value = await written();
    expect(contract.safeParse(value).error?.issues).to.equal(undefined);
    expect(published.safeParse(value).error?.issues).to.equal(undefined);
    expect(JSON.parse([...json(readRun(value))].join(''))).to.deep.equal(value);
  });

  it('explains what was found, and names the change that would mend it', async () => {
    const [, closed] = (await written()).scenarios[0].steps;
    const ends = closed.explanations.map(({ from, to, port }: Record<string, string>) => `${from} ${to} ${port}`);
    expect(ends).to.deep.equal([
      'prod/web prod/db 5432',
      'dev/client prod/db 5432',
      'prod/db prod/web 80',
      'dev/client prod/db 9187',
    ]);
    const [{ lines, changes, places }] = closed.explanations;
    expect(lines[0]).to.equal('prod/web -> prod/db 5432/TCP: deny');
    expect(changes.join(' ')).to.contain('change app=wbe to app=web');
    // The policy begins on line 1, its only rule on line 11.
    expect(places.map(({ line }: { line: number }) => line)).to.deep.equal([1, 11]);
  });

  it('has the policies as their files have them', async () => {
    const [policy] = (await written()).scenarios[0].policies;
    expect(policy).to.include({ name: 'prod/db', line: 1 });
    expect(policy.text.split('\n')[10]).to.equal('    - from:');
  });

  it('says which rules decide the cells of classes of pods', async () => {
    const pods = '{web: {labels: {app: web}, ports: [80]}, one: {}, two: {}}';
    const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: a}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: web}}}]
    - from: [{podSelector: {}}]
`;
    const step = await stepWith({
      'scenario.yaml': `namespaces: {a: {pods: ${pods}}, b: {pods: {x: {}}}}\n`,
      'policies/p.yaml': policy,
    });
    const deciders = decidersIn(step);
    expect(deciders?.classes.toSorted()).to.deep.equal([['a/one', 'a/two'], ['a/web'], ['b/x']]);
    const open = { direction: 'egress', decision: 'allow', policies: [], rules: [] };
    const [egress, ingress] = (deciders && sidesOf(deciders, 'a/two', 'a/web')) ?? [];
    expect(egress).to.deep.equal(open);
    expect(ingress).to.deep.include({ direction: 'ingress', decision: 'allow', policies: ['a/web'] });
    expect(ingress?.rules).to.have.lengthOf(1);
    expect(ingress?.rules[0]).to.include({ policy: 'a/web', number: 2, line: 8 });
    expect((deciders && sidesOf(deciders, 'b/x', 'a/web')) ?? []).to.deep.equal([
      open,
      { direction: 'ingress', decision: 'deny', policies: ['a/web'], rules: [] },
    ]);
  });

  it('says nothing about rules if there is too much to say', async () => {
    // 142 pods that a policy each tells apart are 20,164 pairs, and one pod fewer 19,881.
    const names = Array.from({ length: 142 }, (_, at) => `p${at}`);
    const policies = names.map(
      (name) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: a}
spec: {podSelector: {matchLabels: {app: ${name}}}}
`,
    );
    const pods = names.map((name) => `${name}: {labels: {app: ${name}}, ports: [80]}`);
    const situation = await situationOf({
      'scenario.yaml': `namespaces: {a: {pods: {${pods.join(', ')}}}}\n`,
      'policies/p.yaml': policies.join('---\n'),
    });
    const observed = names.map((name, at) => seen([`a/${name}`, `a/${names.at(at - 1)}`, '80/TCP', 'dropped']));
    expect(decidersIn({ ...stepOf(observed), situation })).to.equal(undefined);
    expect(decidersIn({ ...stepOf(observed.slice(1)), situation })?.cells).to.have.lengthOf(141);
  });
});
