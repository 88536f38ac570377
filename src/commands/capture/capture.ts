import { basename, join, resolve } from 'node:path';
import { type Condensed, condense, gapsOf, type Reading, readCluster, type Scope } from '../../capture/index.ts';
import { PodreachError } from '../../errors.ts';
import { connect, defaultKubeconfig } from '../../kube/index.ts';
import { writeGrid } from '../../scenario/index.ts';
import { plural, printable } from '../../text.ts';
import { wrapped } from '../../wrap.ts';
import { schemaFor } from '../init/index.ts';
import { type PodFlags, requireContext } from '../running-pods/index.ts';
import type { Terminal } from '../terminal/index.ts';
import { fillFolder } from './fill-folder.ts';
import { gapLines, NEVER_SHOWN } from './gap-lines.ts';
import { type Observed, observedIn, probeSamples } from './observe.ts';
import { observedLines } from './observed-lines.ts';
import { requireFree, writeFolder } from './write-folder.ts';

/** The flags of `podreach capture`; see its --help. */
export interface CaptureFlags
  extends Pick<
    PodFlags,
    'context' | 'kubeconfig' | 'namespace' | 'timeout' | 'mirror' | 'probeImage' | 'ephemeral' | 'exec' | 'yes'
  > {
  readonly allNamespaces?: boolean;
  readonly maxPods: number;
  readonly observed?: boolean;
}

/**
 * `podreach capture`: writes a scenario from a running cluster into a new folder, whole or not at all; returns the exit
 * code. Reads only, unless `observed` is asked for, which probes after asking.
 */
export const capture = async (folder: string, flags: CaptureFlags, terminal: Terminal): Promise<number> => {
  const { progress, signal } = terminal;
  await requireFree(folder);
  const scope = scopeOf(flags);
  const kubeconfig = flags.kubeconfig ?? defaultKubeconfig();
  const context = requireContext(flags.context, kubeconfig);
  const client = connect(kubeconfig, context);
  const reading = await progress
    .during('reading pods, namespaces, Services and policies', () => readCluster(client, scope, signal))
    .finally(client.close);
  const condensed = condense(reading.state, flags.maxPods);
  const gaps = gapLines(gapsOf(reading, condensed));
  const result = flags.observed ? await probeSamples(condensed, { ...flags, kubeconfig, context }, terminal) : null;
  let observed: Observed | null = null;
  const fill = async (fresh: string): Promise<void> => {
    const head = {
      schema: await schemaFor(folder),
      name: basename(resolve(folder)),
      origin: `Captured from the context ${context} on ${new Date().toISOString().slice(0, 10)}: ${whatOf(reading)}`,
      missing: [...gaps, NEVER_SHOWN],
      expectsModel: !result,
    };
    const scenario = await fillFolder(fresh, condensed, head);
    const [step] = scenario.steps;
    observed = result && observedIn(result, condensed, step);
    if (observed) await writeGrid(join(fresh, 'scenario.yaml'), observed.matrix, step);
  };
  await writeFolder(folder, fill, terminal);
  const lines = [
    `wrote ${folder}: ${sizeOf(condensed)} for ${whatOf(reading)}`,
    ...(observed ? observedLines(observed) : []),
    ...['not shown:', ...[...gaps, NEVER_SHOWN].map((line) => `  ${line}`)],
  ];
  const shown = lines.flatMap((line) => wrapped(printable(line), terminal.width));
  await terminal.print(`${shown.join('\n')}\n${nextSteps(folder, condensed)}`);
  return 0;
};

const scopeOf = ({ namespace = [], allNamespaces = false }: CaptureFlags): Scope => {
  if (allNamespaces) return { kind: 'all' };
  if (namespace.length > 0) return { kind: 'some', namespaces: [...new Set(namespace)] };
  throw new PodreachError('--namespace is missing', { hint: 'name each namespace with -n, or take all with -A' });
};

const whatOf = ({ state }: Reading): string =>
  `${plural(state.pods.length, 'running pod')} of ${plural(state.namespaces.length, 'namespace')}`;

const sizeOf = ({ namespaces, services, policies }: Condensed): string =>
  [
    plural(namespaces.flatMap(({ pods }) => pods).length, 'pod'),
    plural(services.length, 'Service'),
    plural(policies.length, 'policy', 'policies'),
  ].join(', ');

const nextSteps = (folder: string, { hasOwnAddresses }: Condensed): string => `
  podreach model ${folder}     # what the specification says of it, at once
  podreach run ${folder}       # what really happens, on a cluster${
    hasOwnAddresses ? ' whose pods have such addresses: see its scenario.yaml' : ''
  }
`;
