import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { failure, type RequestFault } from './answers.ts';
import { ownCertificate } from './certificate.ts';
import { type ExecCall, type ExecFault, endGroup, serveExec } from './exec.ts';
import { runControllers } from './kubelet.ts';
import { type Interference, waysOf } from './network.ts';
import type { Pod } from './objects.ts';
import { NAMESPACES, PODS, POLICIES } from './paths.ts';
import { type ApiRequest, answerFrom, type Mutation } from './rest.ts';
import { seed } from './seed.ts';
import { createStore, type Store } from './store.ts';
import { createTools } from './tools.ts';
import { isWatch, streamChanges } from './watch.ts';

/** Everything that can be done to the cluster on purpose. */
export interface Hooks extends Interference {
  readonly request?: (request: ApiRequest) => RequestFault | undefined;
  readonly exec?: (call: ExecCall) => ExecFault | undefined;
  readonly mutate?: Mutation;
}

/** A cluster of two nodes in this process: an API server with TLS and WebSockets, controllers, and a network of tables. */
export interface SimulatedCluster {
  readonly store: Store;
  readonly kubeconfig: string;
  /** Whether a scenario's policy is in force, so that what is probed is a matrix and no baseline. */
  isEnforcing(policy?: string): boolean;
  interfere(hooks: Hooks): void;
  /** Has the hooks asked anew what becomes of connections. */
  redraw(): void;
  /** Takes a pod's processes away, as the end of its container does. */
  endProcesses(namespace: string, pod: string): void;
  /** Closes every connection and listens no more, for so long. */
  restart(awayMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Must stand in nothing that podreach prints. */
export const TOKEN = 'token-that-nobody-may-see';
export const CONTEXT = 'simulated';

const unchanged: Mutation = (_collection, object) => object;

const readBody = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const refuse = (socket: Duplex, status: number, message: string): void => {
  const { body } = failure(status, message);
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
};

const callOf = (url: URL): ExecCall | undefined => {
  const [, namespace, pod] = /^\/api\/v1\/namespaces\/([^\/]+)\/pods\/([^\/]+)\/exec$/v.exec(url.pathname) ?? [];
  if (namespace === undefined || pod === undefined) return undefined;
  return { namespace, pod, argv: url.searchParams.getAll('command') };
};

export const startCluster = async (): Promise<SimulatedCluster> => {
  const [certificate, tools, folder] = await Promise.all([
    ownCertificate(),
    createTools(),
    mkdtemp(join(tmpdir(), 'podreach-kubeconfig-')),
  ]);
  const store = createStore();
  const stopControllers = runControllers(store);
  seed(store);
  let hooks: Hooks = {};

  const draw = (): void => {
    for (const [pod, ways] of waysOf(store, hooks)) tools.see(pod, ways);
  };
  const stopDrawing = store.follow(({ collection: { plural } }) => {
    if (['pods', 'networkpolicies', 'namespaces'].includes(plural)) draw();
  });

  const server = https.createServer({ ...certificate, keepAlive: true }, async (incoming, response) => {
    const request: ApiRequest = {
      method: incoming.method ?? 'GET',
      url: new URL(incoming.url ?? '/', 'https://server'),
      contentType: incoming.headers['content-type'] ?? '',
      body: await readBody(incoming).catch(() => ''),
    };
    const fault = hooks.request?.(request);
    if (fault && 'drop' in fault) {
      if (fault.drop === 'answer') answerFrom(store, request, hooks.mutate ?? unchanged);
      incoming.socket.destroy();
      return;
    }
    if (fault && 'delayMs' in fault) await sleep(fault.delayMs);
    const wrong = fault && 'status' in fault ? fault : undefined;
    if (!wrong && isWatch(request.url)) {
      streamChanges(store, request.url, response);
      return;
    }
    const { status, headers, body } = wrong ?? answerFrom(store, request, hooks.mutate ?? unchanged);
    response.writeHead(status, headers).end(body);
  });

  const processes = new Map<ChildProcess, string>();
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
  server.on('upgrade', (incoming, socket: Duplex, head) => {
    socket.on('error', () => socket.destroy());
    const call = callOf(new URL(incoming.url ?? '/', 'https://server'));
    const pod = call && (store.get({ ...PODS, namespace: call.namespace }, call.pod) as Pod | undefined);
    if (!call || !pod) {
      refuse(socket, 404, `pods "${call?.pod}" not found`);
      return;
    }
    const fault = hooks.exec?.(call) ?? {};
    if (fault.refuse) {
      refuse(socket, fault.refuse.status, fault.refuse.message);
      return;
    }
    const name = `${call.namespace}/${call.pod}`;
    sockets.handleUpgrade(incoming, socket, head, (webSocket) => {
      const environment = tools.environment(name, pod.status?.podIP ?? '', fault.missing);
      const child = serveExec(webSocket, call, environment, fault, () => hooks.exec?.(call));
      processes.set(child, name);
      child.on('close', () => processes.delete(child));
    });
  });

  const connections = new Set<Socket>();
  server.on('connection', (connection: Socket) => {
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => {
      server.listen(port, '127.0.0.1', resolve);
    });
  const hangUp = async (): Promise<void> => {
    const closed = new Promise((resolve) => {
      server.close(resolve);
    });
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    // Those that have not even said hello are no HTTP connections yet, and would keep it from closing.
    for (const connection of connections) connection.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigOf(port, certificate.cert));

  return {
    store,
    kubeconfig,
    isEnforcing: (policy) =>
      store
        .list(POLICIES)
        .filter(({ metadata }) => /^(prod|dev)-/v.test(metadata.namespace ?? ''))
        .some(({ metadata }) => policy === undefined || metadata.name === policy),
    interfere: (wanted) => {
      hooks = wanted;
      draw();
    },
    redraw: draw,
    endProcesses: (namespace, pod) => {
      for (const [child, name] of processes) if (name === `${namespace}/${pod}`) endGroup(child);
    },
    restart: async (awayMs) => {
      await hangUp();
      await sleep(awayMs);
      await listen(port);
    },
    close: async () => {
      stopDrawing();
      stopControllers();
      for (const child of processes.keys()) endGroup(child);
      if (server.listening) await hangUp();
      await Promise.all([tools.dispose(), rm(folder, { recursive: true })]);
    },
  };
};

/** The names of the namespaces that podreach's runs have left. */
export const leftNamespaces = ({ store }: SimulatedCluster): readonly string[] =>
  store
    .list(NAMESPACES)
    .map(({ metadata }) => metadata.name)
    .filter((name) => !['default', 'kube-system'].includes(name));

const kubeconfigOf = (port: number, cert: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: CONTEXT,
        cluster: {
          server: `https://127.0.0.1:${port}`,
          'certificate-authority-data': Buffer.from(cert).toString('base64'),
        },
      },
    ],
    users: [{ name: CONTEXT, user: { token: TOKEN } }],
    contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user: CONTEXT } }],
  });
