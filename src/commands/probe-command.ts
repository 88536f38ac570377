import { probeTimeoutMs } from './arguments.ts';
import { defineCommand } from './command.ts';
import { exclusive, parsed, text, toggle } from './flag.ts';
import type { ProbeFlags } from './probe.ts';
import { each, eachPort } from './probe-arguments.ts';
import { reportFlags } from './report-flags.ts';
import { mirrorFlags } from './shared-flags.ts';

export const addProbe = defineCommand<ProbeFlags, []>({
  name: 'probe',
  description: 'build the live matrix of existing pods in your cluster',
  flags: {
    context: text('--context <name>', 'the cluster, by its context in your kubeconfig; there is no default'),
    namespace: parsed('-n, --namespace <name>', 'probe the running pods of this namespace; may be repeated', each),
    selector: text('-l, --selector <labels>', 'only pods with these labels, for example app=web'),
    port: parsed(
      '--port <port>',
      'probe this port of every pod, not those that they declare; may be repeated',
      eachPort,
    ),
    timeout: parsed('--timeout <ms>', 'how long one probe waits for an answer', probeTimeoutMs, { value: 1500 }),
    yes: toggle('-y, --yes', 'go on without asking'),
    kubeconfig: text('--kubeconfig <file>', 'where to look the context up, instead of your own kubeconfig'),
    ...mirrorFlags(),
    ephemeral: exclusive(
      toggle('--ephemeral', "by ephemeral containers alone, never by a command in a pod's own"),
      'exec',
    ),
    exec: toggle('--exec', "by commands in the pods' own containers alone, which leaves nothing behind"),
    ...reportFlags(),
  },
  help: {
    examples: [
      'probe --context kind-dev -n prod -n dev',
      'probe --context kind-dev -n prod --port 80 --port 53/UDP --yes',
    ],
    notes: [
      'Says what it will do and asks before it does anything.',
      'Exit codes: 0 every cell was seen, 2 one was not, or you did not agree, or the input is wrong.',
    ],
  },
  run: async (terminal, flags) => {
    const { probe } = await import('./probe.ts');
    return probe(flags, terminal);
  },
});
