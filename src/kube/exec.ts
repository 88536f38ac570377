import { type Readable, Writable } from 'node:stream';
import type { V1Status } from '@kubernetes/client-node';
import { PodreachError } from '../errors.ts';
import { clientNode } from './client-node.ts';
import type { Credentials } from './credentials.ts';
import { untilAborted, within } from './deadline.ts';
import { type AboutProblem, type ExecSocket, openExecSocket } from './exec-socket.ts';
import { checkName } from './path.ts';
import { PassingError } from './request.ts';

export interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface ExecStreams {
  /** Is given the command's standard output as it arrives. */
  readonly onStdout?: ((text: string) => void) | undefined;
  readonly onStderr?: ((text: string) => void) | undefined;
  /** Becomes the command's standard input. Nothing may come before the command has printed something. */
  readonly stdin?: Readable | undefined;
}

export interface ExecOptions extends ExecStreams {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Start again if the API server is briefly away before the command has begun. */
  readonly bearsOutage?: boolean;
  /**
   * Leave the shell of a script (`sh -c SCRIPT NAME ARGUMENT…`) in the container for the next one that is the same
   * (standing-shells.ts). Only for containers that podreach created.
   */
  readonly leavesShell?: boolean;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** A command that runs in a container. */
export interface RunningExec {
  readonly result: Promise<ExecResult>;
  /** Ends the connection. The command itself outlives it: give it a timeout of its own, or let it read its input. */
  terminate(): void;
  /** What to throw if an answer was due after so long. */
  late(deadlineMs: number): PodreachError;
}

/**
 * Runs `argv` (no shell) in a container and resolves with what it printed and its exit code, whatever that is.
 * Settles on the command's status, on close, or at the deadline, whichever comes first; a socket that closes without
 * a status is a failure, never exit code 0. Throws a PodreachError with the server's status and text only; a
 * PassingError if no connection was made, so the command has not begun.
 */
export const execInPod = async (
  credentials: Credentials,
  target: ExecTarget,
  argv: readonly string[],
  { deadlineMs, signal, ...streams }: ExecOptions,
): Promise<ExecResult> => {
  const running = await startExec(credentials, target, argv, { signal, ...streams });
  const result = untilAborted(running.result, signal, `${whereOf(target)} was interrupted`);
  return within(result, deadlineMs, () => running.late(deadlineMs)).finally(running.terminate);
};

export const whereOf = ({ namespace, pod }: ExecTarget): string => `exec in ${namespace}/${pod}`;

/**
 * Begins an exec without a deadline. The signal is for what comes before the command alone.
 *
 * The library's Exec speaks the protocol; deadline, abort and outcome are ours, because it has none of them.
 */
export const startExec = async (
  credentials: Credentials,
  target: ExecTarget,
  argv: readonly string[],
  { onStdout, onStderr, stdin, signal }: ExecStreams & Pick<ExecOptions, 'signal'>,
): Promise<RunningExec> => {
  const { namespace, pod, container } = checkTarget(target);
  const where = whereOf(target);
  const options = await credentials.options(signal);
  let socket: ExecSocket | undefined;
  const result = new Promise<ExecResult>((resolve, reject) => {
    const fail = (problem: string, { isUnbegun = false, hint }: AboutProblem = {}): void =>
      reject(
        isUnbegun
          ? new PassingError(`${where} ${problem}`, { isUnanswered: true })
          : new PodreachError(`${where} ${problem}`, hint === undefined ? {} : { hint }),
      );
    const stdout = collector(onStdout);
    const stderr = collector(onStderr);
    const end = (status: V1Status): void => {
      const outcome = outcomeOf(status);
      if ('problem' in outcome) fail(`failed: ${outcome.problem}`);
      else resolve({ stdout: stdout.text(), stderr: stderr.text(), ...outcome });
    };
    const { Exec, KubeConfig } = clientNode();
    const exec = new Exec(new KubeConfig(), {
      connect: async (path, _onText, onMessage) => {
        socket = openExecSocket(credentials.server, path, options, { onMessage, onProblem: fail });
        return socket.webSocket;
      },
    });
    exec
      .exec(namespace, pod, container, [...argv], stdout.stream, stderr.stream, stdin ?? null, false, end)
      .catch(() => fail("failed: the credentials can't be used"));
  });
  return {
    result,
    terminate: () => socket?.terminate(),
    late: (deadlineMs) => {
      const how = socket?.hasOpened() ? 'gave no answer' : 'was not accepted by the API server';
      return new PodreachError(`${where} ${how} within ${deadlineMs} ms`);
    },
  };
};

/** Exec puts the names into an address unescaped. */
const checkTarget = ({ namespace, pod, container }: ExecTarget): ExecTarget => ({
  namespace: checkName(namespace, 'the namespace of a Pod'),
  pod: checkName(pod, 'the name of a Pod'),
  container: checkName(container, 'the container'),
});

/** Keeps what is written to a stream. */
const collector = (onText?: (text: string) => void) => {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      onText?.(chunk.toString());
      done();
    },
  });
  return { stream, text: (): string => Buffer.concat(chunks).toString() };
};

/** What the status says: a failed command has its exit code in the cause `ExitCode`. */
const outcomeOf = ({ status, reason, message, details }: V1Status): { exitCode: number } | { problem: string } => {
  if (status === 'Success') return { exitCode: 0 };
  const code = details?.causes?.find((cause) => cause.reason === 'ExitCode')?.message;
  if (reason === 'NonZeroExitCode' && code !== undefined && /^\d+$/.test(code)) return { exitCode: Number(code) };
  return { problem: message ?? 'no reason given' };
};
