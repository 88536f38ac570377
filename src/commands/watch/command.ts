import { defineCommand } from '../define-command.ts';
import {
  choice,
  duration,
  each,
  eachPort,
  environmentSettings,
  exclusive,
  liveFlags,
  parsed,
  text,
  toggle,
} from '../flags/index.ts';
import type { WatchFlags } from './watch.ts';

export const addWatch = defineCommand<WatchFlags, [path: string | undefined]>({
  name: 'watch',
  description: 'watch the matrix of a scenario, or of running pods, and report each cell that opens or closes',
  arguments: [['[path]', 'a scenario to deploy and watch; without it the running pods of -n are watched']],
  flags: {
    for: parsed('--for <time>', 'how long: 30s, 10m, 2h (default: until Ctrl-C; running pods 1h)', duration),
    reporter: choice('--reporter <name>', 'the format of the result', ['terminal', 'json'], 'terminal'),
    namespace: parsed(
      '-n, --namespace <name>',
      'watch the running pods of this namespace, may be repeated; with manifests: of objects that name none',
      each,
    ),
    selector: text('-l, --selector <labels>', 'of running pods only those with these labels, for example app=web'),
    port: parsed('--port <port>', 'of running pods this port instead of those they declare; may be repeated', eachPort),
    yes: toggle('-y, --yes', 'do not ask before running pods are watched'),
    ephemeral: exclusive(
      toggle('--ephemeral', "start only from ephemeral containers, never from the pods' own"),
      'exec',
    ),
    exec: toggle('--exec', "start only from the pods' own containers, which leaves nothing behind"),
    ...liveFlags(),
  },
  settings: [...environmentSettings, 'timeout', 'settleTimeout'],
  help: {
    examples: [
      'watch scenarios/deny-all --for 60s',
      'watch my-scenario --context kind-dev',
      'watch --context kind-dev -n prod -n dev --for 10m --yes',
    ],
    notes: [
      'Exit codes: 0 nothing flipped, 1 something did, 2 nothing was seen to flip but a cell could not be watched all the time, or something broke.',
    ],
  },
  run: async (terminal, flags, path) => {
    const { watch } = await import('./watch.ts');
    return watch(path, flags, terminal);
  },
});
