import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type ModelFlags, model } from '../../../../src/commands/model/model.ts';
import { PodreachError } from '../../../../src/errors.ts';
import { predictScenario } from '../../../../src/matrix/index.ts';
import { loadScenarios } from '../../../../src/scenario/index.ts';
import { failureOf } from '../../failure-of.ts';
import { type Files, withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const flags: ModelFlags = { reporter: ['terminal'] };

const policy = (spec: string) => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: prod}
spec: ${spec}
`;
const onlyClient = policy(
  '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {matchLabels: {role: client}}}]}]}',
);
const onlyBlock = policy(
  '{podSelector: {matchLabels: {app: web}}, ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]}',
);

const scenario = (expectation: string, client = '{labels: {role: client}}') => `namespaces:
  prod:
    pods:
      web: {labels: {app: web}, ports: [80]}
      client: ${client}
      other: {address: 10.2.0.1}
${expectation}`;

/** The exit code, what was printed, what was noted and, where JSON was asked for, that. */
const answerTo = (files: Files, changes: Partial<ModelFlags> = {}) =>
  withFiles(files, async (folder) => {
    const terminal = fakeTerminal();
    const code = await model([folder], { ...flags, ...changes }, terminal);
    return { code, out: terminal.printed(), notes: terminal.notes };
  });

const cellsOf = async (files: Files) => {
  const { code, out } = await answerTo(files, { reporter: ['json'] });
  const { scenarios } = JSON.parse(out);
  const [{ status, steps }] = scenarios;
  const cells = steps[0].cells
    .filter(({ from, to }: Record<string, string>) => from !== to)
    .map(
      ({ from, expected, observed, model: said }: Record<string, string>) => `${from} ${expected} ${observed} ${said}`,
    );
  return { code, status, cells };
};

describe('podreach model', () => {
  it('predicts, and passes if that is expected', async () => {
    const expected = 'expect: {default: deny, rules: [{allow: {from: prod/client}}]}\n';
    const files = { 'scenario.yaml': scenario(expected), 'policies/p.yaml': onlyClient };
    expect(await cellsOf(files)).to.deep.equal({
      code: 0,
      status: 'pass',
      cells: ['prod/client allow null allow', 'prod/other deny null deny'],
    });
    const { out, notes } = await answerTo(files);
    expect(out).to.match(/^passed {2}\S+ {2}\(predicted, nothing was probed\)\n/);
    expect(out).to.contain('2 cells predicted: 2 as expected');
    expect(notes).to.deep.equal([]);
  });

  it('shows pods that no policy distinguishes as one, and each of them if all are asked for', async () => {
    const pods = Array.from({ length: 100 }, (_, index) => `{app: ${['web', 'api', 'db'][index % 3]}}`);
    const files = {
      'scenario.yaml': [
        'namespaces:',
        '  prod:',
        '    pods:',
        ...pods.map((labels, index) => `      p${index}: {labels: ${labels}, ports: [80]}`),
        '',
      ].join('\n'),
      'policies/p.yaml': policy(
        '{podSelector: {matchLabels: {app: db}}, ingress: [{from: [{podSelector: {matchLabels: {app: api}}}]}]}',
      ),
    };
    expect((await answerTo(files)).out).to.contain(`
               prod/p0 +33  prod/p1 +32  prod/p2 +32
               80/TCP       80/TCP       80/TCP
  prod/p0 +33   .            .            X
  prod/p1 +32   .            .            .
  prod/p2 +32   .            .            X
`);
    const { out } = await answerTo(files, { full: true });
    const rows = new Set([...out.matchAll(/^ {2}(prod\/p\d+) +[.X#] /gm)].map(([, name]) => name));
    expect(rows.size).to.equal(100);
  });

  it('ends with 1 if something else is expected, and says why', async () => {
    const files = { 'scenario.yaml': scenario('expect: {default: allow}\n'), 'policies/p.yaml': onlyClient };
    const { code, out } = await answerTo(files);
    expect(code).to.equal(1);
    expect(out).to.contain('prod/other -> prod/web 80/TCP: expected allow, predicted deny');
    expect(out).to.match(/policies\/p\.yaml:\d+/);
  });

  for (const [what, expectation] of [
    ['nothing is expected', ''],
    ['only the model itself is expected', 'expect: model\n'],
  ] as const)
    it(`ends with 0 if ${what}, and passes nothing`, async () => {
      const files = { 'scenario.yaml': scenario(expectation), 'policies/p.yaml': onlyBlock };
      expect(await cellsOf(files)).to.deep.equal({
        code: 0,
        status: 'unjudged',
        cells: ['prod/client null null unknown', 'prod/other null null deny'],
      });
    });

  it('ends with 2 if the expectation depends on an address, and says how to give it', async () => {
    const files = { 'scenario.yaml': scenario('expect: {default: deny}\n'), 'policies/p.yaml': onlyBlock };
    expect(await cellsOf(files)).to.deep.include({ code: 2, status: 'error' });
    const { out } = await answerTo(files);
    expect(out).to.contain('hint: give the pods of the unknown cells an `address:`');
    expect(out).to.contain('unknown in 1 cell');
    const pinned = { ...files, 'scenario.yaml': scenario('expect: {default: deny}\n', '{address: 10.2.0.2}') };
    expect(await cellsOf(pinned)).to.deep.include({ code: 0, status: 'pass' });
    expect((await answerTo(pinned)).out).not.to.contain('hint');
  });

  it('says that the backends differ if that is why it cannot tell, and asks for no address', async () => {
    const files = {
      'scenario.yaml': `namespaces:
  prod:
    pods:
      old: {labels: {app: web, version: "1"}, ports: [8080]}
      new: {labels: {app: web, version: "2"}, ports: [8080]}
      client: {labels: {app: client}}
services: {prod/web: {selector: {app: web}, port: 80, targetPort: 8080}}
expect: {default: allow, rules: [{deny: {from: prod/client, to: prod/old}}]}
`,
      'policies/p.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: prod}
spec:
  podSelector: {matchLabels: {app: client}}
  policyTypes: [Egress]
  egress: [{to: [{podSelector: {matchLabels: {version: "2"}}}]}]
`,
    };
    const { code, out } = await answerTo(files);
    expect(code).to.equal(2);
    expect(out).to.contain('unknown in 1 cell: the backends differ: ');
    expect(out).to.contain('hint: `podreach explain` says which').and.not.to.contain('address');
  });

  it('says that it depends on the lookup of a name, and asks only for the addresses that a scenario can give', async () => {
    const files = (client: string) => ({
      'scenario.yaml': `namespaces:
  prod:
    pods:
      web: {labels: {app: web}, ports: [8080]}
      client: ${client}
services: {prod/web: {port: 80, targetPort: 8080, dns: true}}
expect: {default: allow}
`,
      'policies/p.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: prod}
spec:
  podSelector: {matchLabels: {app: client}}
  policyTypes: [Egress]
  egress:
  - to: [{podSelector: {}}]
  - {to: [{ipBlock: {cidr: 10.244.0.0/16}}], ports: [{port: 53, protocol: UDP}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: in, namespace: prod}
spec:
  podSelector: {matchLabels: {app: web}}
  ingress: [{from: [{podSelector: {matchLabels: {app: client}}}, {ipBlock: {cidr: 10.2.0.0/16}}]}]
`,
    });
    const { code, out } = await answerTo(files('{labels: {app: client}}'));
    expect(code).to.equal(2);
    expect(out).to.contain('unknown in 1 cell: it depends on whether policies let the name be looked up');
    expect(out).to.contain('hint: `podreach explain` says what the lookup').and.not.to.contain('address:');
    // Nobody isolates it for egress, so that the lookup is open.
    const other = await answerTo(files('{labels: {app: other}}'));
    expect(other.out).to.contain('it depends on an address').and.not.to.contain('looked up');
    expect(other.out).to.contain('hint: give the pods of the unknown cells an `address:`');
  });

  it('predicts each step in its own world', () =>
    withFiles(
      { 'scenario.yaml': scenario('expect: {default: allow}\n'), 'policies/p.yaml': onlyClient },
      async (folder) => {
        const [loaded] = await loadScenarios([folder]);
        const [first] = loaded?.steps ?? expect.fail('no scenario');
        const namespaces = first.topology.namespaces.map((one) => ({
          ...one,
          pods: one.pods.map((pod) => ({ ...pod, labels: { ...pod.labels, role: 'client' } })),
        }));
        const second = { ...first, name: 'labelled', topology: { ...first.topology, namespaces } };
        const { status, steps } = predictScenario({ name: 'two', file: 'f', steps: [first, second] });
        expect(steps.map((step) => step.status)).to.deep.equal(['fail', 'pass']);
        expect(status).to.equal('fail');
      },
    ));

  it('reports warnings at their places, whatever comes of the scenario, and once for scenarios that share a policy', async () => {
    const shared = `policies: [../p.yaml]\nexpect: {default: allow}\n`;
    const files = {
      'a/scenario.yaml': scenario(shared),
      'b/scenario.yaml': scenario(shared),
      'p.yaml': policy('{podSelector: {matchLabels: {app: wbe}}, ingress: []}'),
    };
    const { code, notes } = await answerTo(files);
    expect(code).to.equal(0);
    const warnings = notes.filter((note) => note.startsWith('warning: '));
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.match(/^warning: \S*\/p\.yaml:4:\d+: .*app=wbe.* \([a-z-]+\)$/);
  });

  it('writes a report into a file beside the one for the terminal', () =>
    withFiles({ 'scenario.yaml': scenario(''), 'policies/p.yaml': onlyClient }, async (folder) => {
      const terminal = fakeTerminal();
      const output = join(folder, 'model.json');
      expect(await model([folder], { reporter: ['terminal', 'json'], output }, terminal)).to.equal(0);
      expect(terminal.printed()).to.contain('(predicted, nothing was probed)');
      expect(JSON.parse(await readFile(output, 'utf8'))).to.include({ schema: 'podreach/run/v1' });
    }));

  it('keeps the scenarios whose name matches', async () => {
    const files = { 'a/scenario.yaml': scenario('policies: []\n'), 'b/scenario.yaml': scenario('policies: []\n') };
    const { out } = await answerTo(files, { grep: /b/, reporter: ['json'] });
    expect(JSON.parse(out).scenarios.map(({ name }: { name: string }) => name)).to.deep.equal(['b']);
  });

  it('refuses wrong flags and wrong input before it prints anything', () =>
    withFiles(
      { 'scenario.yaml': scenario(''), 'policies/p.yaml': onlyClient.replace('podS', 'bodS') },
      async (folder) => {
        const terminal = fakeTerminal();
        const both = await failureOf(model([folder], { reporter: ['terminal', 'json'] }, terminal));
        expect(both.message).to.contain("can't both go to standard output");
        const misspelt = await failureOf(model([folder], flags, terminal));
        expect(misspelt).to.be.instanceOf(PodreachError);
        expect(misspelt.message).to.match(/p\.yaml:4:8: unknown key "bodSelector"/);
        expect(terminal.printed()).to.equal('');
      },
    ));
});
