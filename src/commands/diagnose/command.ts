import { defineCommand } from '../define-command.ts';
import { attachFlags, choice, parsed, probeTimeoutMs, text, toggle } from '../flags/index.ts';
import type { DiagnoseFlags } from './diagnose.ts';

type Arguments = [from: string, to: string, port: string];

export const addDiagnose = defineCommand<DiagnoseFlags, Arguments>({
  name: 'diagnose',
  description: 'find out why a connection of running pods is blocked, or open',
  arguments: [
    ['<from>', 'the pod that connects: namespace/pod'],
    ['<to>', 'namespace/pod, svc:namespace/name for a Service, dns:namespace/name for its name, or an IP address'],
    ['<port>', "80, 53/UDP, or the name of one of the destination's ports"],
  ],
  flags: {
    context: text('--context <name>', 'the context of the cluster in your kubeconfig; there is no default'),
    want: choice('--want <what>', 'what the connection should be', ['allow', 'deny'], 'allow'),
    allowAllTest: toggle(
      '--allow-all-test',
      'if it is blocked, also allow everything between just these pods for a moment, to tell policies from routing',
    ),
    timeout: parsed('--timeout <ms>', 'how long a probe waits for an answer', probeTimeoutMs, { value: 1500 }),
    ...attachFlags(),
    reporter: choice('--reporter <name>', 'the format of the answer', ['terminal', 'json'], 'terminal'),
  },
  settings: ['mirror', 'probeImage', 'timeout'],
  help: {
    examples: [
      'diagnose dev/client prod/web 80 --context kind-dev',
      'diagnose dev/client dns:prod/web 80 --context kind-dev --yes',
      'diagnose dev/client prod/db 5432 --want deny --context kind-dev',
    ],
    notes: [
      'Prints a plan and asks before it does anything. The last line is what it found.',
      'Exit codes: 0 the connection is as you want it, 1 it is not, 2 nothing could be found out, you did not confirm the plan, or the input is wrong.',
    ],
  },
  run: async (terminal, flags, ...[from, to, port]) => {
    const { diagnose } = await import('./diagnose.ts');
    return diagnose({ from, to, port }, flags, terminal);
  },
});
