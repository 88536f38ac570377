import type { IncomingMessage } from 'node:http';
import { type RawData, WebSocket } from 'ws';
import { PodreachError } from '../errors.ts';
import { describeResponse } from './answer.ts';
import type { Credentials } from './credentials.ts';
import { checkName, pathOf } from './path.ts';
import { connectionProblem, PassingError, urlOf } from './request.ts';

export interface ExecTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

export interface ExecOptions {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Begin anew if the API server is away for a moment when the command has not begun yet. */
  readonly bearsOutage?: boolean;
}

export interface ExecResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Channel numbers of the protocol: the first byte of each message (kubelet's remotecommand constants). */
const STDOUT = 1;
const STDERR = 2;
const STATUS = 3;
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/**
 * Runs `argv` (no shell) in a container and resolves with what it printed and its exit code, whatever that is.
 * Settles on the command's status, on close, or at the deadline, whichever comes first; a socket that closes without
 * a status is a failure, never exit code 0. The command itself outlives a closed socket: give it a timeout of its own.
 * Throws a PodreachError with the server's status and text only; a PassingError where no connection was made, so that the
 * command has not begun.
 */
export const execInPod = async (
  credentials: Credentials,
  target: ExecTarget,
  argv: readonly string[],
  { deadlineMs, signal }: ExecOptions,
): Promise<ExecResult> => {
  const where = `exec in ${target.namespace}/${target.pod}`;
  const url = execUrl(credentials.server, target, argv);
  const options = await credentials.options(signal);
  return new Promise((resolve, reject) => {
    const fail = (problem: string): void => finish(() => reject(new PodreachError(`${where} ${problem}`)));
    const failUnbegun = (problem: string): void =>
      finish(() => reject(new PassingError(`${where} ${problem}`, { isUnanswered: true })));
    const socket = openSocket(url, options);
    if (!socket) {
      reject(new PodreachError(`${where} failed: the credentials are not usable`));
      return;
    }
    const output = { [STDOUT]: [] as Buffer[], [STDERR]: [] as Buffer[] };
    let bytes = 0;
    const abort = (): void => fail('was interrupted');
    const timer = setTimeout(() => {
      fail(`${opened ? 'gave no answer' : 'was not taken up by the API server'} within ${deadlineMs} ms`);
    }, deadlineMs);
    let finished = false;
    let opened = false;
    const finish = (settle: () => void): void => {
      if (finished) return;
      finished = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.terminate();
      settle();
    };
    const receive = (data: RawData): void => {
      const message = toBuffer(data);
      const channel = message[0];
      if (channel === STATUS) {
        const status = parseStatus(message.subarray(1).toString());
        if ('problem' in status) fail(`failed: ${status.problem}`);
        else finish(() => resolve({ stdout: text(output[STDOUT]), stderr: text(output[STDERR]), ...status }));
      } else if (channel === STDOUT || channel === STDERR) {
        bytes += message.length;
        if (bytes > MAX_OUTPUT_BYTES) fail('printed more than 4 MiB');
        else output[channel].push(message.subarray(1));
      }
    };
    // An error listener must stay until the end: terminating a socket that still connects emits one more.
    socket
      .on('message', receive)
      .on('close', () => fail('ended without telling whether it succeeded'))
      .on('open', () => {
        opened = true;
      })
      .on('error', (error) => (opened ? fail : failUnbegun)(`failed: ${connectionProblem(error)}`))
      .on(
        'unexpected-response',
        (_request, response) => void readRefusal(response).then((said) => fail(`was refused: ${said}`)),
      );
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
};

const execUrl = (server: URL, { namespace, pod, container }: ExecTarget, argv: readonly string[]): URL => {
  const query = new URLSearchParams({
    container: checkName(container, 'the container'),
    stdout: 'true',
    stderr: 'true',
  });
  for (const argument of argv) query.append('command', argument);
  const url = urlOf(server, `${pathOf('Pod', { namespace, name: pod })}/exec?${query}`);
  url.protocol = server.protocol === 'http:' ? 'ws:' : 'wss:';
  return url;
};

/** Constructing a socket throws on unusable TLS material, with that material in the error: told as undefined instead. */
const openSocket = (url: URL, options: Awaited<ReturnType<Credentials['options']>>): WebSocket | undefined => {
  // ws upgrades the connection it is given, so the shared keep-alive agent has no part in it unless it is a proxy's.
  const { agent, ...rest } = options;
  const viaProxy = 'proxy' in agent;
  try {
    return new WebSocket(url, PROTOCOLS, { ...rest, ...(viaProxy && { agent }), perMessageDeflate: false });
  } catch {
    return undefined;
  }
};

const readRefusal = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch {
    // What came so far has to do.
  }
  const { statusCode: status = 0, headers } = response;
  return describeResponse({ status, headers, text: Buffer.concat(chunks).toString() });
};

/** The status message of channel 3: a Status object whose cause `ExitCode` holds the exit code of a command that failed. */
const parseStatus = (json: string): { exitCode: number } | { problem: string } => {
  try {
    const status = JSON.parse(json) as {
      status?: string;
      reason?: string;
      message?: string;
      details?: { causes?: { reason?: string; message?: string }[] };
    };
    if (status.status === 'Success') return { exitCode: 0 };
    const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
    if (status.reason === 'NonZeroExitCode' && code !== undefined && /^\d+$/.test(code))
      return { exitCode: Number(code) };
    return { problem: status.message ?? 'no reason given' };
  } catch {
    return { problem: "its status can't be read" };
  }
};

const toBuffer = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);

const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString();
