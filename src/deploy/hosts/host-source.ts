import { execa } from 'execa';
import { PodreachError } from '../../errors.ts';
import type { Source } from '../endpoint.ts';

const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** An outside host as a source: runs commands in its container, with the output and exit code of `docker exec`. */
export const hostSource = (endpoint: string, container: string): Source => ({
  endpoint,
  exec: async (argv, { deadlineMs, signal, stdin, onStdout, onStderr }) => {
    const running = execa('docker', ['exec', ...(stdin ? ['--interactive'] : []), container, ...argv], {
      reject: false,
      stdin: stdin ? [stdin, 'pipe'] : 'ignore',
      timeout: deadlineMs,
      maxBuffer: MAX_OUTPUT_BYTES,
      // Output is parsed by complete lines.
      stripFinalNewline: false,
      ...(signal && { cancelSignal: signal }),
    });
    if (onStdout) running.stdout.on('data', (chunk) => onStdout(String(chunk)));
    if (onStderr) running.stderr.on('data', (chunk) => onStderr(String(chunk)));
    const result = await running;
    if (result.isCanceled) throw new PodreachError(`exec in ${endpoint} was interrupted`);
    if (result.timedOut) throw new PodreachError(`exec in ${endpoint} gave no answer within ${deadlineMs} ms`);
    if (result.exitCode === undefined || result.isMaxBuffer) throw new PodreachError(`exec in ${endpoint} broke off`);
    return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
  },
});
