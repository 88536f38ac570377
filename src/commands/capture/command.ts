import { defineCommand } from '../define-command.ts';
import { each, exclusive, mirrorFlags, parsed, probeTimeoutMs, text, toggle, wholeNumber } from '../flags/index.ts';
import type { CaptureFlags } from './capture.ts';

const MOST_PODS = 500;

export const addCapture = defineCommand<CaptureFlags, [folder: string | undefined]>({
  name: 'capture',
  description: 'write a scenario from a running cluster: few pods that show what its policies do',
  arguments: [['[folder]', 'where it goes; must not exist (default: captured)']],
  flags: {
    context: text('--context <name>', 'the context of the cluster in your kubeconfig; there is no default'),
    namespace: parsed('-n, --namespace <name>', 'capture this namespace; may be repeated', each),
    allNamespaces: exclusive(toggle('-A, --all-namespaces', 'capture all namespaces'), 'namespace'),
    maxPods: parsed('--max-pods <n>', 'how many pods the scenario may have', wholeNumber(1, MOST_PODS), { value: 60 }),
    observed: toggle('--observed', 'probe one pod of each class, as podreach probe does, and expect what was seen'),
    yes: toggle('-y, --yes', 'with --observed: do not ask for confirmation'),
    timeout: parsed('--timeout <ms>', 'with --observed: how long a probe waits for an answer', probeTimeoutMs, {
      value: 1500,
    }),
    ephemeral: exclusive(
      toggle('--ephemeral', "with --observed: probe only from ephemeral containers, never from the pods' own"),
      'exec',
    ),
    exec: toggle('--exec', "with --observed: probe only from the pods' own containers, which leaves nothing behind"),
    kubeconfig: text('--kubeconfig <file>', 'the kubeconfig that has the context (default: your own)'),
    ...mirrorFlags(),
  },
  settings: ['mirror', 'probeImage', 'timeout'],
  help: {
    examples: [
      'capture --context kind-dev -n prod -n dev',
      'capture bug-42 --context kind-dev -A --max-pods 40',
      'capture --context kind-dev -n prod --observed',
    ],
    notes: [
      'Reads labels, ports, Services and NetworkPolicies; changes nothing. With --observed it prints a plan and asks before it probes.',
      'Exit codes: 0 it was written, 2 it was not.',
    ],
  },
  run: async (terminal, flags, folder) => {
    const { capture } = await import('./capture.ts');
    return capture(folder ?? 'captured', flags, terminal);
  },
});
