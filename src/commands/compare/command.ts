import { defineCommand } from '../define-command.ts';
import {
  changeList,
  comparedReportFlags,
  environmentSettings,
  liveFlags,
  namespaceFlag,
  orderList,
  parsed,
  text,
  toggle,
  wholeNumber,
} from '../flags/index.ts';
import type { CompareFlags } from './compare.ts';

type Arguments = [before: string, after: string | undefined, paths: string[]];

export const addCompare = defineCommand<CompareFlags, Arguments>({
  name: 'compare',
  description: 'which connections a change of policies opens and closes; without a cluster, unless with --live',
  arguments: [
    [
      '<before>',
      'a scenario, Kubernetes manifests (a file, a folder, - for stdin), or REVISION:PATH in git; or main..HEAD, two revisions',
    ],
    ['[after]', 'the same; after two revisions, a path that both have'],
    ['[paths...]', 'after two revisions, more such paths'],
  ],
  flags: {
    forbid: parsed('--forbid <changes>', 'exit 1 if cells are opened, closed, or either: opened,closed', changeList),
    wanted: text('--wanted <file>', 'with --forbid: rules, as under expect, for the cells that may open or close'),
    with: parsed(
      '--with <file>',
      'a file or folder of manifests that both sides share, such as the workloads; may be repeated',
      (path: string, before: readonly string[] = []): readonly string[] => [...before, path],
    ),
    plan: text(
      '--plan <folder>',
      'write the change as numbered manifests, in an order in which no state between cuts or opens what should not change',
    ),
    order: parsed(
      '--order <orders>',
      'with --plan --live: the orders to prove: planned (default), written (all applied by name, then all deleted), or both: planned,written',
      orderList,
    ),
    namespace: namespaceFlag(),
    ...comparedReportFlags(),
    live: toggle('--live', 'prove both states on running pods, and time the switch from one to the other'),
    enforceWithin: parsed(
      '--enforce-within <ms>',
      'with --live: how soon the change has to be in force (default: 5000)',
      wholeNumber(1, 600_000),
    ),
    record: toggle('--no-record', "with --live: don't time the switch, which needs a recorder in the probe image"),
    ...liveFlags(),
  },
  settings: [...environmentSettings, 'timeout', 'settleTimeout'],
  help: {
    examples: [
      'compare old/ new/',
      'compare main...HEAD -- k8s/',
      'compare --forbid opened main:k8s k8s',
      'compare old/ new/ --plan rollout/',
      'compare old/ new/ --with workloads/ --reporter terminal,json=compare.json',
      'compare --live --keep main...HEAD -- k8s/',
      'compare old/ new/ --plan rollout/ --live --order planned,written',
    ],
    notes: [
      'A rendered chart: `helm template . | podreach compare main:rendered.yaml -`.',
      'The flags from --enforce-within on are for --live.',
      "Exit codes: 0 nothing forbidden, 1 a forbidden change that is not wanted, or not as predicted live; 2 a forbidden change can't be ruled out, something broke, or the input is wrong.",
    ],
  },
  run: async (terminal, flags, ...[before, after, paths]) => {
    const { compare } = await import('./compare.ts');
    return compare([before, ...(after === undefined ? [] : [after]), ...paths], flags, terminal);
  },
});
