import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { type RunFlags, run } from '../../../../src/commands/run/run.ts';
import { select } from '../../../../src/commands/selection/select.ts';
import { PodreachError } from '../../../../src/errors.ts';
import type { Scenario, Step, Topology } from '../../../../src/scenario/index.ts';
import { failureOf } from '../../failure-of.ts';
import { withFiles } from '../../scenario/temporary-folder.ts';
import { inFolder } from '../../scripts/temporary-folder.ts';
import { fakeTerminal } from '../fake-terminal.ts';

const topology: Topology = { namespaces: [], hosts: [], nodes: [], services: [] };
const NOTHING: Omit<Step, 'name'> = { topology, policies: [], expected: null, form: null, path: [] };
const named = (...names: readonly string[]): Scenario[] =>
  names.map((name) => ({ name, file: `${name}/scenario.yaml`, steps: [{ ...NOTHING, name }] }));
const namesOf = (scenarios: readonly Scenario[]) => scenarios.map(({ name }) => name);

describe('select', () => {
  const all = named('allow-from-dev', 'deny-all', 'allow-api', 'no-policy', 'complex');

  it('keeps all, in order, if nothing is asked for', () => {
    expect(select(all, {})).to.deep.equal(all);
  });

  it('keeps those whose name matches', () => {
    expect(namesOf(select(all, { grep: /^allow/ }))).to.deep.equal(['allow-from-dev', 'allow-api']);
    expect(namesOf(select(all, { grep: /deny|policy/ }))).to.deep.equal(['deny-all', 'no-policy']);
  });

  it('throws when none matches, and says which there are', () => {
    const act = () => select(all, { grep: /^nope$/, shard: { index: 1, count: 2 } });
    expect(act).to.throw(PodreachError, "no scenario's name matches /^nope$/").with.property('hint');
    expect(act)
      .to.throw()
      .with.property('hint', `the names are ${namesOf(all).join(', ')}`);
  });

  it('takes every n-th of those that match', () => {
    expect(namesOf(select(all, { shard: { index: 1, count: 2 } }))).to.deep.equal([
      'allow-from-dev',
      'allow-api',
      'complex',
    ]);
    expect(namesOf(select(all, { shard: { index: 2, count: 2 } }))).to.deep.equal(['deny-all', 'no-policy']);
    expect(namesOf(select(all, { grep: /^allow/, shard: { index: 2, count: 2 } }))).to.deep.equal(['allow-api']);
  });

  it('has shards of one size, which may be none', () => {
    expect(select(all, { shard: { index: 6, count: 9 } })).to.deep.equal([]);
  });

  it('parts the list into shards: each scenario is in exactly one, in order, and sizes differ by one at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 12 }), (length, count) => {
        const scenarios = named(...Array.from({ length }, (_, index) => `s${index}`));
        const shards = Array.from({ length: count }, (_, index) =>
          select(scenarios, { shard: { index: index + 1, count } }),
        );
        expect(namesOf(shards.flat()).sort()).to.deep.equal(namesOf(scenarios).sort());
        for (const shard of shards)
          expect(shard).to.deep.equal(scenarios.filter((scenario) => shard.includes(scenario)));
        const sizes = shards.map((shard) => shard.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).to.be.at.most(1);
      }),
    );
  });
});

describe('run', () => {
  const flags: RunFlags = {
    workers: 1,
    probe: 'all' as const,
    retries: 0,
    repeatEach: 1,
    settleTimeout: 30_000,
    timeout: 100,
    reporter: ['terminal'],
    kubeconfig: '/nowhere/kubeconfig',
    // A run that came as far as a cluster would try this one, and fail with other words.
    context: 'no-such-context',
    evidence: 'none',
    images: 'build',
    config: '/nowhere/kind-config.yaml',
  };
  const nowhere = ['/nowhere/scenarios'];
  const refusal = async (changes: Partial<RunFlags>, paths: readonly string[] = nowhere) => {
    const terminal = fakeTerminal();
    const failure = await failureOf(run(paths, { ...flags, ...changes }, terminal));
    expect(failure).to.be.instanceOf(PodreachError);
    expect(terminal.printed()).to.equal('');
    return failure;
  };

  it('refuses a file for no report, before it looks for scenarios', async () => {
    const { message, hint } = await refusal({ output: 'run.json' });
    expect(message).to.equal('--output needs a report to write');
    expect(hint).to.equal('add --reporter json');
  });

  it('refuses to write grids from a sample, which would lack cells', async () => {
    const { message } = await refusal({ probe: 'classes', updateSnapshots: true });
    expect(message).to.equal('-u needs every cell, but --probe classes probes only some');
  });

  it('refuses two reports on one standard output', async () => {
    const { message, hint } = await refusal({ reporter: ['terminal', 'json'] });
    expect(message).to.equal("terminal and json can't both go to standard output");
    expect(hint).to.contain('--output FILE');
  });

  for (const [what, changes] of Object.entries({
    'the terminal alone': {},
    'one report for machines alone': { reporter: ['json'] },
    'one report for machines into a file': { reporter: ['json'], output: 'run.json' },
    'both, one of them into a file': { reporter: ['terminal', 'json'], output: 'run.json' },
  } satisfies Record<string, Partial<RunFlags>>))
    it(`takes ${what}, and then looks for the scenarios`, async () => {
      expect((await refusal(changes)).message).to.contain('/nowhere/scenarios');
    });

  const files = {
    'one/scenario.yaml': `namespaces: {prod: {pods: {web: {ports: [80]}, client: {}}}}
policies: []
expect: {default: allow}
`,
  };

  it('writes an empty report for a shard without scenarios', () =>
    withFiles(files, async (folder) => {
      const terminal = fakeTerminal();
      const output = join(folder, 'run.json');
      const shard = { index: 2, count: 2 };
      expect(await run([folder], { ...flags, reporter: ['json'], output, shard }, terminal)).to.equal(0);
      expect(terminal.notes).to.deep.equal(['this shard has no scenarios']);
      expect(JSON.parse(await readFile(output, 'utf8'))).to.deep.include({ schema: 'podreach/run/v1', scenarios: [] });
    }));

  it('throws before it looks for a cluster when no name matches', () =>
    withFiles(files, async (folder) => {
      expect((await refusal({ grep: /two/ }, [folder])).message).to.equal("no scenario's name matches /two/");
    }));

  it('looks at the addresses of hosts in the cluster of the family that is asked for', () => {
    const colliding = {
      // A run that came as far as a cluster would find no Docker.
      docker: '#!/bin/sh\nexit 1\n',
      'kind.yaml': 'kind: Cluster\nnetworking: {ipFamily: ipv6}\n',
      'one/scenario.yaml': `hosts: {far: {address: 10.244.1.1, ports: [80]}}\n${files['one/scenario.yaml']}`,
    };
    return inFolder(colliding, async (folder) => {
      const { context: _, kubeconfig: __, ...own } = { ...flags, config: join(folder, 'kind.yaml') };
      const before = process.env.PATH;
      process.env.PATH = folder;
      try {
        const act = (changes: Partial<RunFlags>) => failureOf(run([folder], { ...own, ...changes }, fakeTerminal()));
        expect((await act({ ipFamily: 'dual' })).message).to.contain('the cluster uses 10.244.0.0/16 for its pods');
        expect((await act({})).message).to.contain('no Docker Engine answers');
      } finally {
        process.env.PATH = before;
      }
    });
  });
});
