import type { IncomingMessage } from 'node:http';
import { type RawData, WebSocket } from 'ws';
import { describeResponse, hintOnRefusal } from './answer.ts';
import type { ConnectionOptions } from './credentials.ts';
import { connectionProblem, type Response, urlOf } from './request.ts';

export interface ExecSocket {
  readonly webSocket: WebSocket;
  /** Whether there was a connection. */
  hasOpened(): boolean;
  /** Ends the connection; nothing that arrives afterwards is passed on. */
  terminate(): void;
}

export interface ExecSocketEvents {
  /** Takes what arrived on a channel; throws if it can't be read. */
  readonly onMessage: ((channel: number, data: Buffer) => unknown) | null;
  /** The connection ended or is useless. */
  readonly onProblem: (problem: string, about?: AboutProblem) => void;
}

export interface AboutProblem {
  /** There was no connection, so the command has not begun. */
  readonly isUnbegun?: boolean;
  readonly hint?: string | undefined;
}

const STATUS = 3;
const PROTOCOLS = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/**
 * Opens the connection of an exec: the WebSocketInterface below the library's Exec. Throws if the credentials can't be
 * used, with the credentials in the error.
 *
 * Ours, because the library's own does not report a close without a status, has no limit of time or size, loses the
 * server's words when it refuses the handshake, and rejects with an event that holds the private key.
 */
export const openExecSocket = (
  server: URL,
  path: string,
  options: ConnectionOptions,
  { onMessage, onProblem }: ExecSocketEvents,
): ExecSocket => {
  const webSocket = connectTo(execUrl(server, path), options);
  let bytes = 0;
  let opened = false;
  let over = false;
  const receive = (data: RawData): void => {
    const message = toBuffer(data);
    const channel = message[0] ?? 0;
    if (over || channel < 1 || channel > STATUS) return;
    bytes += message.length;
    if (bytes > MAX_OUTPUT_BYTES) onProblem('printed more than 4 MiB');
    else hand(channel, message.subarray(1));
  };
  const hand = (channel: number, data: Buffer): void => {
    // Exec ends its streams at a status, and they throw on anything that follows.
    over = channel === STATUS;
    try {
      onMessage?.(channel, data);
    } catch {
      // A parser's message quotes what the server sent.
    }
    // No effect after a readable status.
    if (over) onProblem("failed: its status can't be read");
  };
  // An error listener must stay until the end: terminating a socket that is still connecting emits one more error.
  webSocket
    .on('message', receive)
    .on('close', () => onProblem('ended without reporting whether it succeeded'))
    .on('open', () => {
      opened = true;
    })
    .on('error', (error) => onProblem(`failed: ${connectionProblem(error)}`, { isUnbegun: !opened }))
    .on('unexpected-response', async (_request, response) => {
      const refusal = await readRefusal(response);
      onProblem(`was refused: ${describeResponse(refusal)}`, { hint: hintOnRefusal(refusal) });
    });
  const terminate = (): void => {
    over = true;
    webSocket.terminate();
  };
  return { webSocket, hasOpened: () => opened, terminate };
};

/** Exec also sends the options that are off, as `false`; kubectl does not. */
const execUrl = (server: URL, path: string): URL => {
  const url = urlOf(server, path);
  for (const name of ['stdin', 'tty']) url.searchParams.delete(name, 'false');
  url.protocol = server.protocol === 'http:' ? 'ws:' : 'wss:';
  return url;
};

/**
 * The socket upgrades its connection, so it does not use the shared keep-alive agent unless that belongs to a proxy.
 */
const connectTo = (url: URL, { agent, ...rest }: ConnectionOptions): WebSocket =>
  new WebSocket(url, PROTOCOLS, { ...rest, ...('proxy' in agent && { agent }), perMessageDeflate: false });

const readRefusal = async (response: IncomingMessage): Promise<Response> => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch {
    // What has arrived so far must suffice.
  }
  const { statusCode: status = 0, headers } = response;
  return { status, headers, text: Buffer.concat(chunks).toString() };
};

const toBuffer = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : Buffer.isBuffer(data) ? data : Buffer.from(data);
