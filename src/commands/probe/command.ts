import { defineCommand } from '../define-command.ts';
import {
  attachFlags,
  each,
  eachPort,
  flakeFlags,
  historyFlag,
  parsed,
  probeTimeoutMs,
  reportFlags,
  text,
  toggle,
} from '../flags/index.ts';
import type { ProbeFlags } from './probe.ts';

export const addProbe = defineCommand<ProbeFlags, []>({
  name: 'probe',
  description: 'build the live matrix of existing pods in your cluster',
  flags: {
    context: text('--context <name>', 'the context of the cluster in your kubeconfig; there is no default'),
    namespace: parsed('-n, --namespace <name>', 'probe the running pods of this namespace; may be repeated', each),
    selector: text('-l, --selector <labels>', 'only pods with these labels, for example app=web'),
    port: parsed(
      '--port <port>',
      'probe this port of every pod instead of the ports it declares; may be repeated',
      eachPort,
    ),
    timeout: parsed('--timeout <ms>', 'how long a probe waits for an answer', probeTimeoutMs, { value: 1500 }),
    ...flakeFlags('the matrix'),
    expect: text('--expect <file>', 'judge what is seen by the rules or the grid in this file'),
    updateSnapshots: toggle(
      '-u, --update-snapshots',
      'write what was seen as the grid of that file; rules stay unchanged',
    ),
    ...attachFlags(),
    history: historyFlag(),
    ...reportFlags(),
  },
  settings: ['mirror', 'probeImage', 'timeout', 'retries', 'history'],
  help: {
    examples: [
      'probe --context kind-dev -n prod -n dev',
      'probe --context kind-dev -n prod --port 80 --port 53/UDP --yes',
      'probe --context kind-dev -n prod --expect expected.yaml --yes',
    ],
    notes: [
      'Prints a plan and asks before it does anything.',
      'Exit codes: 0 every cell was seen and is as expected, 1 some cell is not as expected, 2 some cell was not seen, you did not confirm the plan, or the input is wrong.',
    ],
  },
  run: async (terminal, flags) => {
    const { probe } = await import('./probe.ts');
    return probe(flags, terminal);
  },
});
