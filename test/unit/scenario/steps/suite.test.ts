import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { parse, stringify } from 'yaml';
import { predictScenario, warningsOf } from '../../../../src/matrix/index.ts';
import { loadScenarios, type Scenario, topologyKey } from '../../../../src/scenario/index.ts';
import { withFiles } from '../temporary-folder.ts';

const FOLDER = fileURLToPath(new URL('../../../../scenarios/steps', import.meta.url));

type WrittenStep = Readonly<Record<string, unknown>>;
const CHANGES = ['delete', 'remove', 'create', 'label', 'apply'];

/** The files of a scenario by their paths in it. */
const filesOf = async (name: string): Promise<Record<string, string>> => {
  const folder = join(FOLDER, name);
  const files: Record<string, string> = {};
  for (const path of await readdir(folder, { recursive: true }))
    if ((await stat(join(folder, path))).isFile()) files[path] = await readFile(join(folder, path), 'utf8');
  return files;
};

/** In place of a step's own changes, a label that no policy asks for. */
const idle = (step: WrittenStep): WrittenStep => ({
  ...Object.fromEntries(Object.entries(step).filter(([key]) => !CHANGES.includes(key))),
  label: { 'prod/api': { idle: 'yes' } },
});

/** The steps that fail, by number, or null if it does not even load. */
const failingIn = async (files: Readonly<Record<string, string>>): Promise<readonly number[] | null> =>
  withFiles(files, async (folder) => {
    const loaded = await loadScenarios([folder]).catch(() => []);
    const [scenario] = loaded;
    if (!scenario) return null;
    return predictScenario(scenario).steps.flatMap(({ status }, at) => (status === 'fail' ? [at] : []));
  });

describe('scenarios/steps', () => {
  let scenarios: readonly Scenario[] = [];
  before(async () => {
    scenarios = await loadScenarios([FOLDER]);
  });

  it('have every kind of change, each with a step that opens and one that closes', () => {
    expect(scenarios.map(({ name }) => name)).to.have.members([
      ...['policy-updated', 'policy-deleted', 'deny-before-allow', 'allow-before-deny'],
      ...['relabelled-pod', 'relabelled-namespace', 'late-pod', 'late-namespace', 'address-reused'],
    ]);
  });

  it('expect by hand, in every step, what the model predicts', () => {
    for (const scenario of scenarios) {
      expect(predictScenario(scenario).status, scenario.name).to.equal('pass');
      for (const { name, form } of scenario.steps) expect(form, `${scenario.name}, ${name}`).to.equal('rules');
    }
  });

  it('fail from a step on whose changes are not made', async () => {
    for (const { file, name } of scenarios) {
      const files = await filesOf(basename(join(file, '..')));
      const written = parse(files['scenario.yaml'] ?? '') as { readonly steps: readonly WrittenStep[] };
      for (const [at, step] of written.steps.entries()) {
        const steps = [...written.steps.slice(0, at), idle(step)];
        const failing = await failingIn({ ...files, 'scenario.yaml': stringify({ ...written, steps }) });
        // A rule that names a pod that never came is refused while loading.
        expect(failing ?? [at + 1], `${name} without the changes of step ${at + 2}`).to.deep.equal([at + 1]);
      }
    }
  });

  it('begin with one topology, so that they share their pods, except where an address is pinned', () => {
    const keys = new Set(scenarios.map(({ steps: [{ topology }] }) => topologyKey(topology)));
    expect(keys).to.have.property('size', 2);
  });

  it('have no warnings', () => {
    for (const scenario of scenarios) expect(warningsOf(scenario), scenario.name).to.deep.equal([]);
  });

  it('have a line each in their README.md', async () => {
    const readme = await readFile(join(FOLDER, 'README.md'), 'utf8');
    const named = [...readme.matchAll(/^\| ([a-z][a-z-]+) \|/gm)]
      .map(([, one]) => one)
      .filter((one) => one !== 'scenario');
    expect(named).to.have.members(scenarios.map(({ name }) => name));
  });
});
