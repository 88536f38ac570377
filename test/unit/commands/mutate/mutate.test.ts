import { join } from 'node:path';
import { expect } from 'chai';
import { type MutateFlags, mutate } from '../../../../src/commands/mutate/mutate.ts';
import { failureOf } from '../../failure-of.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const files = {
  'scenario.yaml': `name: shop
namespaces: {prod: {pods: {web: {labels: {app: web}, ports: [80]}, api: {}}}}
expect: model
`,
  'policies/web.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: prod}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
`,
};

const answer = (flags: Partial<MutateFlags> = {}, more = {}) =>
  withFiles({ ...files, ...more }, async (folder) => {
    const terminal = { ...fakeTerminal(), width: 200 };
    const code = await mutate([join(folder, '.')], { reporter: 'terminal', ...flags }, terminal);
    return { code, text: terminal.printed().replaceAll(/[^ "]*\/(?=policies\/)/g, '') };
  });

describe('podreach mutate', () => {
  it('lists what is missed with its place, and cells that would notice it', async () => {
    const { code, text } = await answer();
    expect(code).to.equal(1);
    expect(text).to.equal(`2 of 4 mutants missed  shop

  no expected cell would notice:
    policies/web.yaml:5:16: prod/web selects all pods
    policies/web.yaml:6:16: prod/web also isolates egress

  these cells would:
    prod/web -> prod/api 80/TCP: allow

1 scenario, 4 mutants: 2 noticed, 2 missed
`);
  });

  it('passes if all are noticed, and tells machines by what', async () => {
    const scenario = files['scenario.yaml'].replace('api: {}', 'api: {ports: [80]}');
    const { code, text } = await answer({ reporter: 'json' }, { 'scenario.yaml': scenario });
    expect(code).to.equal(0);
    const [step] = JSON.parse(text).scenarios[0].steps;
    expect(step.missed).to.deep.equal([]);
    expect(step.noticed).to.have.length(4);
    expect(step.noticed[0]).to.include({ policy: 'prod/web', kind: 'policy-removed', line: 1 });
    expect(step.noticed[0].cell).to.deep.equal({ from: 'prod/api', to: 'prod/web', port: 80, protocol: 'TCP' });
  });

  it('names what it would take to notice a mutant, and why another one changes nothing', async () => {
    const none = 'podSelector: {matchLabels: {app: db}}\n  ingress: []\n';
    const lonely = files['policies/web.yaml'].replace('name: web,', 'name: db,').replace(/podSelector.*/s, none);
    const opens = files['policies/web.yaml']
      .replace('name: web,', 'name: open,')
      .replace('policyTypes: [Ingress]', 'ingress: [{}]');
    const { text } = await answer({}, { 'policies/db.yaml': lonely, 'policies/open.yaml': opens });
    expect(text).to.contain('policies/web.yaml:1:1: prod/web without this policy: prod/open does the same\n');
    expect(text).to.match(
      / {2}changes nothing between these pods and hosts; other cells would show it:\n {4}.* -> a pod with app=db in prod 80\/TCP: deny\n {6}policies\/db\.yaml:/,
    );
    expect(text).to.match(
      /\d+ that changes? nothing between the pods and hosts that are there, \d+ that changes? nothing at all\n$/,
    );
  });

  it('refuses flags of a live proof without one', async () => {
    expect((await failureOf(answer({ keep: true }))).message).to.equal('--keep has no effect without --live');
  });
});
