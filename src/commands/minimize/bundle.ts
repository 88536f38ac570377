/** A tarball with which others can see a finding for themselves. */
import { basename } from 'node:path';
import {
  archiveOf,
  bundledNamespace,
  bundleManifests,
  CONTAINER,
  type NodeFacts,
  reproduceScript,
  requireWhole,
} from '../../bundle/index.ts';
import { probeImageOf } from '../../cluster/index.ts';
import { PodreachError } from '../../errors.ts';
import { predictStep, type RunResult, type StepResult } from '../../matrix/index.ts';
import { type Finding, worldIn } from '../../minimize/index.ts';
import { terminal } from '../../report/index.ts';
import { bundleTexts, findingText } from '../../report/minimize/index.ts';
import { json } from '../../report/reporters/index.ts';
import { podsOf, type Scenario, type Topology } from '../../scenario/index.ts';
import { packageVersion } from '../version.ts';
import { scenarioFiles } from './scenario-files.ts';

/** What was seen on a cluster. */
export interface LiveFacts {
  readonly step: StepResult;
  readonly nodes: readonly NodeFacts[];
  readonly nodeOf: (endpoint: string) => string | undefined;
}

/** Throws a PodreachError if kubectl alone can't try a cell. */
export const requireBundle = ({ namespaces }: Topology, ends: readonly string[]): void => {
  const pods = new Set(podsOf({ namespaces, hosts: [], nodes: [], services: [] }).map(({ endpoint }) => endpoint));
  const other = ends.find((end) => !pods.has(end));
  if (other !== undefined)
    throw new PodreachError(`--bundle is for cells between pods, but ${other} is not one`, { hint: 'leave it out' });
};

const suffix = /(?:\.tar)?\.t?gz$/;

/** Throws a PodreachError if what is left of the scenario is not for kubectl alone. */
export const bundleOf = async (
  finding: Finding,
  scenario: Scenario,
  file: string,
  live?: LiveFacts,
): Promise<Buffer> => {
  const { subject, mismatch, after } = finding;
  const { cell, topology } = subject;
  const world = worldIn(subject);
  if (!world) throw new RangeError('the result is not a world');
  requireWhole(topology);
  const nodes = live?.nodes ?? [];
  const step = live?.step ?? predictStep({ ...world, name: scenario.name, expected: 'model', form: 'model', path: [] });
  const result = {
    ...{ name: scenario.name, file: 'scenario/scenario.yaml', status: step.status },
    timings: {},
    steps: [step],
  };
  const run: RunResult = { scenarios: [result], timings: {}, ...(!live && { predicted: true }) };
  const sentence = findingText(mismatch, after);
  const end = (name: string) => {
    const pod = podsOf(topology).find(({ endpoint }) => endpoint === name);
    return { namespace: bundledNamespace(pod?.namespace ?? ''), pod: pod?.name ?? '' };
  };
  const files = new Map([
    ...bundleTexts({ finding, podreach: packageVersion(), nodes }),
    ...bundleManifests({ ...world, nodeOf: live?.nodeOf ?? (() => undefined) }),
    ...[...scenarioFiles(subject, mismatch, `${sentence}.`)].map(([name, text]) => [`scenario/${name}`, text] as const),
    ['matrix.txt', terminal(run, { colour: false })],
    ['matrix.json', [...json(run)].join('')],
    [
      'reproduce.sh',
      reproduceScript({
        finding: sentence,
        cell: { ...cell, from: end(cell.from), to: end(cell.to), family: cell.family ?? 'IPv4' },
        isAllowed: mismatch.kind === 'cni' ? mismatch.decision === 'allow' : mismatch.expected === 'allow',
        image: probeImageOf({}),
        container: CONTAINER,
        nodes: new Set(podsOf(topology).flatMap(({ endpoint }) => live?.nodeOf(endpoint) ?? [])).size,
      }),
    ],
  ] as const);
  return archiveOf(basename(file).replace(suffix, '') || 'bundle', files);
};
