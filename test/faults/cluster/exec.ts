import { type ChildProcess, spawn } from 'node:child_process';
import type { WebSocket } from 'ws';

/** A command that runs in a pod. */
export interface ExecCall {
  readonly namespace: string;
  readonly pod: string;
  readonly argv: readonly string[];
}

/** What is done to an exec on purpose; without any of it the command simply runs. */
export interface ExecFault {
  /** Answered in place of the upgrade to a WebSocket. */
  readonly refuse?: { readonly status: number; readonly message: string };
  /** When the connection drops: before the command has said anything, after its first bytes, or in place of its status. */
  readonly drop?: 'before' | 'during' | 'after';
  /** The command never ends. */
  readonly hang?: true;
  /** Turns all that the command printed into something else. */
  readonly mangle?: (stdout: string) => string;
  /** Tools that the pod lacks, `nc wget`. */
  readonly missing?: string;
}

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;

const message = (channel: number, data: Buffer | string): Buffer =>
  Buffer.concat([Buffer.from([channel]), Buffer.from(data)]);

const statusOf = (exitCode: number): string =>
  JSON.stringify(
    exitCode === 0
      ? { metadata: {}, status: 'Success' }
      : {
          metadata: {},
          status: 'Failure',
          message: `command terminated with non-zero exit code: exit status ${exitCode}`,
          reason: 'NonZeroExitCode',
          details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
        },
  );

/** Ends a command with everything that it started. */
export const endGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
};

/**
 * Runs a pod's command and speaks v5.channel.k8s.io about it, as the kubelet does. A command with a fault gets no input.
 * One without may meet its fault at its next input: whatever it is, the connection drops.
 */
export const serveExec = (
  socket: WebSocket,
  { argv }: ExecCall,
  environment: Record<string, string>,
  { drop, hang, mangle, missing }: ExecFault,
  nextFault: () => ExecFault | undefined,
): ChildProcess => {
  const [file = 'false', ...args] = hang ? ['sleep', '900'] : argv;
  // A process group of its own, as a container's processes are: they outlive the connection.
  const child = spawn(file, args, { env: environment, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  child.stdin.on('error', () => {});
  if (drop || hang || mangle || missing !== undefined) child.stdin.end();
  socket.on('close', () => child.stdin.end());
  socket.on('message', (data: Buffer) => {
    if (data[0] !== STDIN) return;
    if (nextFault()) socket.terminate();
    else child.stdin.write(data.subarray(1));
  });
  const send = (channel: number, data: Buffer | string): void => {
    if (socket.readyState === socket.OPEN) socket.send(message(channel, data));
  };
  socket.on('error', () => endGroup(child));
  if (drop === 'before') setTimeout(() => socket.terminate(), 50);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (drop === 'before') return;
    printed += chunk.toString();
    if (!mangle) send(STDOUT, chunk);
    if (drop === 'during') socket.terminate();
  });
  child.stderr.on('data', (chunk: Buffer) => send(STDERR, chunk));
  child.on('error', ({ message: problem }) => {
    send(STATUS, JSON.stringify({ metadata: {}, status: 'Failure', message: problem, reason: 'InternalError' }));
    socket.close();
  });
  child.on('close', (code) => {
    if (drop) socket.terminate();
    if (mangle) send(STDOUT, mangle(printed));
    send(STATUS, statusOf(code ?? 137));
    socket.close();
  });
  return child;
};
