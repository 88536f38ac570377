import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { commandLine } from '../../command-line.ts';
import { PodreachError } from '../../errors.ts';
import { predictEach } from '../../matrix/index.ts';
import { type ExpectedProbe, loadScenarios, type Scenario, writeGrid } from '../../scenario/index.ts';
import { plural } from '../../text.ts';
import type { Terminal } from '../terminal/index.ts';
import { requireInReach } from './reach.ts';
import { EXAMPLE_POLICY, exampleScenario, scenarioFrom } from './template.ts';
import { fromFolder, schemaFor } from './written-paths.ts';

/** Where the scenario goes if no folder is given. */
export const DEFAULT_FOLDER = 'podreach';

export interface InitFlags {
  /** Files and folders of manifests. */
  readonly from?: readonly string[];
  readonly namespace?: string;
}

/**
 * `podreach init`: writes a first scenario into a folder, never over a file that is there. If something is wrong with the
 * manifests, nothing is left of it.
 */
export const init = async (
  folder: string,
  { from = [], namespace }: InitFlags,
  terminal: Terminal,
): Promise<number> => {
  await requireInReach(folder, from);
  const created = await mkdir(folder, { recursive: true });
  const written: string[] = [];
  const write = async (path: string, text: string): Promise<void> => {
    const file = join(folder, path);
    await writeFile(file, text, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
      throw new PodreachError(`${file} exists, and init overwrites nothing`, {
        hint: 'give another folder: podreach init FOLDER',
        cause,
      });
    });
    written.push(file);
  };
  try {
    const template = { schema: await schemaFor(folder), name: nameFor(folder) };
    const scenario = join(folder, 'scenario.yaml');
    if (from.length === 0) {
      await write('scenario.yaml', exampleScenario(template));
      await mkdir(join(folder, 'policies'), { recursive: true });
      await write('policies/db-from-shop.yaml', EXAMPLE_POLICY);
      terminal.print(`wrote ${written.join(' and ')}\n${nextSteps(folder)}`);
    } else {
      const paths = from.map((path) => fromFolder(folder, path));
      await write('scenario.yaml', scenarioFrom({ ...template, from: paths, namespace }));
      const summary = await addExpectation(scenario);
      terminal.print(`wrote ${scenario}: ${summary}\n${nextSteps(folder)}`);
    }
    return 0;
  } catch (error) {
    for (const file of written) await rm(file, { force: true });
    if (created !== undefined) await rm(created, { recursive: true, force: true });
    throw error;
  }
};

const nextSteps = (folder: string): string => `
  ${commandLine(['podreach', 'model', folder])}     # what the specification predicts, at once
  ${commandLine(['podreach', 'run', folder])}       # what really happens, on a cluster
`;

/** Writes what the policies do today as the grid, which expects nothing of the cells that nobody can know without a cluster. */
const addExpectation = async (file: string): Promise<string> => {
  const [scenario] = (await loadScenarios([file])) as [Scenario];
  const [step] = scenario.steps;
  const { topology, policies } = step;
  const predictions = [...predictEach({ topology, policies, families: ['IPv4'] })].filter(
    ({ from, to }) => from !== to,
  );
  if (predictions.length === 0) {
    throw new PodreachError('the manifests have no two ends to try a connection between', {
      hint: 'add the workloads that the policies are for: podreach init --from WORKLOADS --from POLICIES',
    });
  }
  const matrix = predictions.map(
    ({ from, to, port, protocol, decision }): ExpectedProbe => ({
      ...{ from, to, port, protocol },
      expectation: decision === 'unknown' ? null : decision,
    }),
  );
  const cells = plural(predictions.length, 'cell');
  const unknown = predictions.filter(({ decision }) => decision === 'unknown');
  if (unknown.length === predictions.length) {
    return `only a cluster can tell what the policies do in its ${cells}, so it expects nothing yet; \`podreach run -u\` writes what was seen`;
  }
  await writeGrid(file, matrix, step);
  return `its grid has ${cells}, as the policies are today${exemptText(unknown)}`;
};

const exemptText = (unknown: readonly { readonly leftOpen: boolean }[]): string => {
  if (unknown.length === 0) return '';
  const causes = [
    ...(unknown.some(({ leftOpen }) => leftOpen) ? ['the specification leaves them undefined'] : []),
    ...(unknown.some(({ leftOpen }) => !leftOpen) ? ['only a cluster can tell'] : []),
  ];
  return `\nnothing is expected of ${unknown.length} of them (the mark *), because ${causes.join(' or ')}`;
};

/** The folder's name. That of the default folder says nothing, so there it is the name of what contains it. */
const nameFor = (folder: string): string => {
  const whole = resolve(folder);
  return basename(basename(whole) === DEFAULT_FOLDER ? dirname(whole) : whole);
};
