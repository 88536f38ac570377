import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { WebSocket } from 'ws';
import { type Client, connect } from '../../../src/kube/client.ts';
import { type Answer, fakeServer, type Seen, writeKubeconfig } from './fake-server.ts';

export interface FakeApi {
  /** Answers from now on, in the place of whatever answered before. */
  start(answer: Answer, onExec?: (socket: WebSocket, url: URL) => void): Promise<void>;
  readonly client: Client;
  /** The requests since it was started. */
  readonly seen: readonly Seen[];
}

/** An API server with a client connected to it, for each test of the suite. */
export const fakeApi = (): FakeApi => {
  let running:
    | { readonly client: Client; readonly seen: readonly Seen[]; readonly stop: () => Promise<void> }
    | undefined;
  const stop = async () => {
    await running?.stop();
    running = undefined;
  };
  const current = () => {
    if (!running) throw new RangeError('the fake API server was not started');
    return running;
  };
  afterEach(stop);
  return {
    start: async (answer, onExec) => {
      await stop();
      const server = await fakeServer(answer, onExec);
      const kubeconfig = writeKubeconfig(`http://127.0.0.1:${server.port}`);
      const client = connect(kubeconfig);
      running = {
        client,
        seen: server.seen,
        stop: async () => {
          client.close();
          await server.close();
          await rm(dirname(kubeconfig), { recursive: true });
        },
      };
    },
    get client() {
      return current().client;
    },
    get seen() {
      return current().seen;
    },
  };
};
