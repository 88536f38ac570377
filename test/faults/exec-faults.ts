import type { ExecFault } from './cluster/exec.ts';
import type { SimulatedCluster } from './cluster/simulated-cluster.ts';
import { type Fault, isOfMatrix } from './fault.ts';

/** On each exec of a matrix in dev/client, or on the first alone. */
const onExec =
  (fault: ExecFault, times = Number.POSITIVE_INFINITY) =>
  (cluster: SimulatedCluster) => {
    let left = times;
    return {
      exec: (call: Parameters<typeof isOfMatrix>[1]) => {
        if (call.pod !== 'client' || !isOfMatrix(cluster, call) || left === 0) return undefined;
        left -= 1;
        return fault;
      },
    };
  };

const FROM_CLIENT = /^dev\/client -> /v;
/** By the name of the scenario, or of the cluster. */
const EXEC = /exec in dev(-\w+)?\/client/v;

/** Joins the first half of each line to the second half of the next, as two writers without a lock would. */
const interleaved = (text: string): string => {
  const lines = text.split('\n');
  return lines
    .map(
      (line, index) =>
        line.slice(0, line.length / 2) + (lines[index + 1] ?? '').slice((lines[index + 1] ?? '').length / 2),
    )
    .join('\n');
};

const FLOOD = 5 * 1024 * 1024;

export const execFaults: readonly Fault[] = [
  {
    name: 'exec refused (403)',
    arrange: onExec({ refuse: { status: 403, message: 'pods "client" is forbidden: cannot create pods/exec' } }),
    exitCode: 2,
    says: [/exec in dev-\w+\/client was refused: 403 Forbidden: pods "client" is forbidden/v],
    breaks: FROM_CLIENT,
  },
  {
    name: 'exec dropped before the answer',
    arrange: onExec({ drop: 'before' }),
    exitCode: 2,
    says: [EXEC, /ended without reporting whether it succeeded/v],
    breaks: FROM_CLIENT,
  },
  {
    name: 'exec dropped during the answer',
    arrange: onExec({ drop: 'during' }),
    exitCode: 2,
    says: [EXEC, /ended without reporting whether it succeeded/v],
    breaks: FROM_CLIENT,
  },
  {
    name: 'exec dropped after the answer, before its status',
    arrange: onExec({ drop: 'after' }),
    exitCode: 0,
    says: [/1 passed/v],
  },
  {
    name: 'exec dropped once',
    arrange: onExec({ drop: 'during' }, 1),
    exitCode: 0,
    says: [/1 passed/v],
  },
  {
    name: 'exec that never ends',
    arrange: onExec({ hang: true }),
    exitCode: 2,
    says: [EXEC, /gave no answer within/v],
    breaks: FROM_CLIENT,
  },
  {
    name: 'output with lines mixed up',
    arrange: onExec({ mangle: interleaved }),
    exitCode: 2,
    says: [EXEC],
    breaks: FROM_CLIENT,
  },
  {
    name: 'output with every line twice',
    arrange: onExec({ mangle: (text) => text.replace(/^.*$/gmv, '$&\n$&') }),
    exitCode: 2,
    says: [EXEC],
    breaks: FROM_CLIENT,
  },
  {
    name: 'output cut in the middle of a line',
    arrange: onExec({ mangle: (text) => text.slice(0, text.length * 0.6) }),
    exitCode: 2,
    says: [EXEC, /broke off/v],
    breaks: FROM_CLIENT,
  },
  {
    name: 'output of another exec',
    arrange: onExec({ mangle: (text) => text.replace(/\b[0-9a-f]{12}\b/gv, 'abcabcabcabc') }),
    exitCode: 2,
    says: [EXEC],
    breaks: FROM_CLIENT,
  },
  {
    name: 'output without end (5 MiB)',
    arrange: onExec({ mangle: () => 'x'.repeat(FLOOD) }),
    exitCode: 2,
    says: [EXEC, /more than 4 MiB/v],
    breaks: FROM_CLIENT,
  },
  {
    name: 'wget missing in the pod',
    arrange: onExec({ missing: 'wget' }),
    exitCode: 2,
    says: [/dev\/client -> prod\/web 80\/TCP/v, /wget: .*127/v],
    breaks: /^dev\/client -> .*TCP$/v,
  },
  {
    name: 'nc missing in the pod',
    arrange: onExec({ missing: 'nc' }),
    exitCode: 2,
    says: [/dev\/client -> prod\/web 80\/TCP/v, /nc: .*127/v],
    breaks: FROM_CLIENT,
  },
];
