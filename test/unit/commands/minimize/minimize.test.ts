import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { minimizeScenario } from '../../../../src/commands/minimize/minimize.ts';
import type { MinimizeFlags } from '../../../../src/commands/minimize/task.ts';
import { predictScenario } from '../../../../src/matrix/index.ts';
import { loadScenarios } from '../../../../src/scenario/index.ts';
import { failureOf } from '../../failure-of.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const files = {
  'scenario.yaml': `name: shop
namespaces:
  prod: {pods: {web: {labels: {app: web}, ports: [80, 81]}, api: {labels: {app: api}, ports: [80]}}}
  dev: {labels: {env: dev}, pods: {client: {}, other: {}}}
services: {prod/api: {port: 80}}
expect: {default: allow, rules: [{deny: {to: prod/api}}]}
`,
  'policies/prod.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: prod, annotations: {note: hunter2}}
spec: {podSelector: {matchLabels: {app: web}}, ingress: [{from: [{podSelector: {}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: prod}
spec: {podSelector: {matchLabels: {app: api}}, ingress: [{from: [{namespaceSelector: {matchLabels: {env: dev}}}]}]}
`,
};

const cell = (to: string, port = '80') => ({ from: 'dev/client', to, port });

const answer = (flags: Partial<MinimizeFlags>, read?: (folder: string) => Promise<unknown>) =>
  withFiles(files, async (folder) => {
    const terminal = { ...fakeTerminal(), width: 200 };
    const output = join(folder, 'small');
    const bundle = flags.bundle === undefined ? {} : { bundle: join(folder, flags.bundle) };
    const all = { tries: 200, reporter: 'terminal' as const, output, ...flags, ...bundle };
    const code = await minimizeScenario(join(folder, '.'), all, terminal);
    return { code, text: terminal.printed(), read: await read?.(folder) };
  });

const smallIn = async (folder: string) => {
  const [scenario] = await loadScenarios([join(folder, 'small')]);
  if (!scenario) throw new Error('there is no scenario');
  const { status, steps } = predictScenario(scenario);
  const cells = steps.flatMap((step) => step.cells);
  const odd = cells.filter((one) => one.status === 'mismatch');
  return { status, odd: odd.map(({ from, to, port, expected, model }) => [from, to, port, expected, model]), scenario };
};

describe('podreach minimize', () => {
  it('writes the smallest scenario in which policies deny what is expected to be allowed', async () => {
    const { code, text, read } = await answer({ cell: cell('prod/web') }, smallIn);
    expect(code).to.equal(0);
    expect(text).to.match(/^Policies deny dev\/client -> prod\/web 80\/TCP, although allow is expected\.\n/);
    expect(text).to.match(
      /\nbefore {2}2 policies with 2 rules, 2 namespaces, 4 pods\nafter {3}1 policy with 0 rules, 2 namespaces, 2 pods\n/,
    );
    const { status, odd, scenario } = read as Awaited<ReturnType<typeof smallIn>>;
    expect(status).to.equal('fail');
    expect(odd).to.deep.equal([['dev/client', 'prod/web', 80, 'allow', 'deny']]);
    expect(JSON.stringify(scenario)).not.to.contain('hunter2');
  });

  it('keeps the rule that lets in what is expected to be denied, and not every world lets in', async () => {
    const { read } = await answer({ cell: cell('prod/api') }, smallIn);
    const { odd, scenario } = read as Awaited<ReturnType<typeof smallIn>>;
    expect(odd).to.deep.equal([['dev/client', 'prod/api', 80, 'deny', 'allow']]);
    expect(scenario.steps[0].policies.map(({ spec }) => spec.ingress?.length)).to.deep.equal([1]);
  });

  it('gives the same to machines, and a bundle to others', async () => {
    const { text, read } = await answer({ cell: cell('prod/web'), reporter: 'json', bundle: 'bug.tar.gz' }, (folder) =>
      readFile(join(folder, 'bug.tar.gz')),
    );
    expect(JSON.parse(text)).to.deep.include({ schema: 'podreach/minimize/v1', isMinimal: true, doubts: [] });
    const all = gunzipSync(read as Buffer).toString();
    expect(all).to.contain('# Policies deny dev/client -> prod/web 80/TCP, although allow is expected');
    expect(all).to.contain('expected=allowed');
    expect(all).to.contain('bug/scenario/policies/prod-web.yaml');
  });

  it('says that it may get smaller when the tries are used up', async () => {
    const { code, text } = await answer({ cell: cell('prod/web'), tries: 1 });
    expect(code).to.equal(1);
    expect(text).to.contain(
      'warning: it may still get smaller: 1 try was used up, which is the limit; give a higher --tries and a new --output',
    );
  });

  it('refuses what it can not do before it does anything', async () => {
    const messageOf = async (flags: Partial<MinimizeFlags>) => (await failureOf(answer(flags))).message;
    expect(await messageOf({})).to.equal('--cell is missing');
    expect(await messageOf({ cell: cell('prod/wep') })).to.contain('no endpoint "prod/wep"; the nearest');
    expect(await messageOf({ cell: cell('dev/client') })).to.contain('a pod to itself');
    expect(await messageOf({ cell: cell('prod/web'), output: '.' })).to.equal('. is not empty');
    expect(await messageOf({ cell: cell('prod/web'), keep: true })).to.equal('--keep has no effect without --live');
    expect(await messageOf({ cell: cell('svc:prod/api'), bundle: 'x.tgz' })).to.contain(
      'between pods, but svc:prod/api is not one',
    );
    expect(await messageOf({ cell: { from: 'prod/api', to: 'prod/web', port: '80' }, bundle: 'x.tgz' })).to.contain(
      'nothing is wrong with prod/api -> prod/web 80/TCP, so there is nothing to bundle',
    );
  });
});
