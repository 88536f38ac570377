/** How a command probes, and what it keeps of that. */
import { mirrorFlags } from './cluster.ts';
import { exclusive, parsed, text, toggle } from './flag.ts';
import { wholeNumber } from './values.ts';

const retriesFlag = () =>
  parsed(
    '--retries <n>',
    'how often a cell is probed again that broke or changed between attempts, whatever is expected of it',
    wholeNumber(0),
    { value: 1 },
  );

export const historyFlag = () => text('--history <dir>', 'keep what was seen in this folder, for `podreach history`');

const MATRICES_AT_MOST = 1_000;

/** How flaky cells are looked for, and what they do to the exit code. */
export const flakeFlags = (what: string) => ({
  retries: retriesFlag(),
  repeatEach: parsed(
    '--repeat-each <n>',
    `take ${what} so many times, and report how often each cell differed`,
    wholeNumber(1, MATRICES_AT_MOST),
    { value: 1 },
  ),
  failOnFlaky: toggle('--fail-on-flaky', 'exit 1 also for a flaky cell of which nothing is expected'),
});

/** How existing pods are probed, and with whose consent. */
export const attachFlags = () => ({
  yes: toggle('-y, --yes', 'do not ask for confirmation'),
  kubeconfig: text('--kubeconfig <file>', 'the kubeconfig that has the context (default: your own)'),
  ...mirrorFlags(),
  ephemeral: exclusive(toggle('--ephemeral', "probe only from ephemeral containers, never from the pods' own"), 'exec'),
  exec: toggle('--exec', "probe only from the pods' own containers, which leaves nothing behind"),
});
