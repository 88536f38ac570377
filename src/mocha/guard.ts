import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runAfterEnd } from '../host/index.ts';

const CLI = fileURLToPath(new URL(`../cli${extname(import.meta.url)}`, import.meta.url));

/** A cluster of the user's own, beside podreach's. */
interface Where {
  readonly context?: string;
  readonly kubeconfig?: string;
}

/**
 * Has `podreach cluster gc` remove what this process leaves, once it has ended: at Ctrl-C, mocha ends the workers of
 * `--parallel` before they can clean up. Returns a function that calls it off, for when nothing is left.
 */
export const guard = ({ context, kubeconfig }: Where = {}): (() => void) =>
  runAfterEnd([
    ...([process.execPath, CLI, 'cluster', 'gc', `--process=${process.pid}`] as const),
    ...(context === undefined ? [] : [`--context=${context}`]),
    ...(context === undefined || kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
  ]);
