import { mkdtempSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeServer {
  readonly port: number;
  readonly seen: Seen[];
  close(): Promise<void>;
}

export type Answer = (request: Seen, response: http.ServerResponse) => void;

/** A plain HTTP server that stands in for the API server; `onExec` gets the sockets that upgrade. */
export const fakeServer = async (
  answer: Answer,
  onExec?: (socket: WebSocket, url: URL) => void,
): Promise<FakeServer> => {
  const seen: Seen[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = {
      method: request.method ?? '',
      url: new URL(request.url ?? '', 'http://server'),
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    seen.push(one);
    answer(one, response);
  });
  if (onExec) {
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket, request) => onExec(socket, new URL(request.url ?? '', 'http://server')));
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

export const json = (response: http.ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
};

export const TOKEN = 'token-that-nobody-may-see';

/** Writes a kubeconfig into a temporary folder and returns its path. */
export const writeKubeconfig = (server: string, user: Readonly<Record<string, unknown>> = { token: TOKEN }): string => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'podreach-test-')), 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'fake',
    clusters: [{ name: 'fake', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'fake', user }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake' } }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
};
