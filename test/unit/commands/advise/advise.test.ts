import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type AdviseFlags, advise } from '../../../../src/commands/advise/advise.ts';
import { predictScenario } from '../../../../src/matrix/index.ts';
import { loadScenarios } from '../../../../src/scenario/index.ts';
import { failureOf } from '../../failure-of.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const SCENARIO = `name: shop
namespaces:
  prod: {pods: {web: {labels: {app: web}, ports: [80]}, db: {labels: {app: db, on: "y"}, ports: [5432]}}}
  dev: {pods: {client: {labels: {app: client}}}}
policies: []
`;
const RULES = `expect:
  default: deny
  rules: [{allow: {from: prod/web, to: prod/db}}, {allow: {from: dev/client, to: prod/web}}]
`;

const inFolder = <Result>(scenario: string, use: (folder: string) => Promise<Result>): Promise<Result> =>
  withFiles({ 'scenario.yaml': scenario }, use);

const run = async (folder: string, flags: Partial<AdviseFlags> = {}, width = 200) => {
  const terminal = { ...fakeTerminal(), width };
  const code = await advise(folder, { reporter: 'yaml', direction: 'both', ...flags }, terminal);
  return { code, printed: terminal.printed(), complained: terminal.complained() };
};

describe('podreach advise', () => {
  it('prints policies that say what they are for, and about them what a reader has to know', async () => {
    const { code, printed, complained } = await inFolder(SCENARIO + RULES, (folder) =>
      run(folder, { direction: 'ingress' }),
    );
    expect(code).to.equal(0);
    expect(printed).to.equal(`apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: default-deny
  namespace: prod
  annotations:
    kubernetes.io/description: Nothing may reach the pods of prod, unless another policy allows it.
spec:
  podSelector: {}
  policyTypes:
    - Ingress
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
  namespace: prod
  annotations:
    kubernetes.io/description: dev/client may reach prod/web on 80/TCP.
spec:
  podSelector:
    matchLabels:
      app: web
  policyTypes:
    - Ingress
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: dev
          podSelector:
            matchLabels:
              app: client
      ports:
        - protocol: TCP
          port: 80
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: prod
  annotations:
    kubernetes.io/description: prod/web may reach prod/db on 5432/TCP.
spec:
  podSelector:
    matchLabels:
      app: db
  policyTypes:
    - Ingress
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: web
      ports:
        - protocol: TCP
          port: 5432
`);
    expect(complained).to.equal('3 policies, and 4 cells as expected, as the model predicts\n');
  });

  it('writes a scenario that stands by itself, and passes', async () => {
    await inFolder(SCENARIO + RULES, async (folder) => {
      const output = join(folder, 'advised');
      const { code, printed } = await run(join(folder, 'scenario.yaml'), { output });
      expect(code).to.equal(0);
      expect(printed).to.contain(`prove them: podreach run ${output}\n`);
      const [scenario] = await loadScenarios([output]);
      expect(scenario && predictScenario(scenario).status).to.equal('pass');
      expect(scenario?.name).to.equal('shop');
      expect(scenario?.steps[0].topology.namespaces[0]?.pods[1]?.labels).to.deep.equal({ app: 'db', on: 'y' });
      expect(scenario?.steps[0].policies.map(({ file }) => file.replace(/.*advised\//, ''))).to.deep.equal([
        'policies/dev/client.yaml',
        'policies/dev/default-deny.yaml',
        'policies/prod/db.yaml',
        'policies/prod/default-deny.yaml',
        'policies/prod/web.yaml',
      ]);
      expect(await failureOf(run(folder, { output }))).to.include({ message: `--output ${output} is not empty` });
    });
  });

  it('exits 1 and names each cell that no policies can do, and why', async () => {
    const twins = SCENARIO.replace(
      'web: {labels: {app: web}',
      'old: {labels: {app: web}, ports: [80]}, web: {labels: {app: web}',
    );
    const { code, complained } = await inFolder(twins + RULES, (folder) => run(folder));
    expect(code).to.equal(1);
    expect(complained).to.contain(`these cells are not as expected:
  prod/web -> prod/db 5432/TCP: allow is expected, but it stays closed, because no lasting label tells it from prod/old -> prod/db 5432/TCP, which is to be blocked
  dev/client -> prod/web 80/TCP: allow is expected, but it stays closed, because no lasting label tells it from dev/client -> prod/old 80/TCP, which is to be blocked
`);
    const { printed } = await inFolder(twins + RULES, (folder) => run(folder, { reporter: 'json' }));
    const { schema, unmet, policies, closed } = JSON.parse(printed);
    expect(schema).to.equal('podreach/advise/v1');
    expect(unmet[0]).to.deep.include({ from: 'prod/web', predicted: 'deny' });
    expect(unmet[0].why.kind).to.equal('alike');
    expect(closed).to.deep.equal({ prod: ['ingress', 'egress'], dev: ['egress'] });
    expect(policies[0].metadata.annotations).to.have.key('kubernetes.io/description');
  });

  it('says what to do if nothing is denied, so that there is nothing to write', async () => {
    const { code, printed, complained } = await inFolder(`${SCENARIO}expect: model\n`, run);
    expect(code).to.equal(0);
    expect(printed).to.equal('');
    expect(complained).to.match(/^0 policies, .*\nno cell is denied, so no policy is needed: .*--observed\n$/);
  });

  it('takes what a report saw, and names what it did not see for certain', async () => {
    await inFolder(`${SCENARIO}expect: model\n`, async (folder) => {
      const file = join(folder, 'seen.json');
      const cell = (from: string, to: string, port: number, observed: string) => ({
        ...{ from, to, port, protocol: 'TCP', observed, status: 'unjudged', expected: null, model: null },
        ...{ flaky: false, attempts: 1, detail: '' },
      });
      const report = (cells: readonly object[], more = {}) => ({
        ...{ schema: 'podreach/run/v1', timings: {}, ...more },
        scenarios: [
          {
            ...{ name: 'staging', file: 'x', status: 'unjudged', timings: {} },
            steps: [{ name: 'now', status: 'unjudged', timings: {}, cells }],
          },
        ],
      });
      const seen = [cell('prod/web', 'prod/db', 5432, 'allowed'), cell('dev/client', 'prod/web', 80, 'error')];
      await writeFile(file, JSON.stringify(report([...seen, cell('dev/client', 'prod/db', 5432, 'dropped')])));
      const { code, complained } = await run(folder, { observed: file });
      expect(code).to.equal(0);
      expect(complained).to.contain(`nothing is known of these cells, so nothing allows them:
  prod/db -> prod/web 80/TCP: it was not seen
  dev/client -> prod/web 80/TCP: the probe broke
`);
      const output = join(folder, 'out');
      await run(folder, { observed: file, output });
      expect(await readFile(join(output, 'scenario.yaml'), 'utf8')).to.match(/^ {4}dev\/client +\* +X$/m);

      await writeFile(file, JSON.stringify(report(seen, { predicted: true })));
      expect((await failureOf(run(folder, { observed: file })))?.message).to.contain('has predictions');
      await writeFile(file, JSON.stringify(report([cell('a/b', 'a/c', 80, 'allowed')])));
      expect((await failureOf(run(folder, { observed: file })))?.message).to.contain('saw nothing of the pods of');
    });
  });

  it('needs an expectation', async () => {
    const failure = await failureOf(inFolder(SCENARIO, (folder) => run(folder)));
    expect(failure?.message).to.contain('has no expectation to advise policies for');
  });
});
