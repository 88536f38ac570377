import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { mock } from 'node:test';
import { expect } from 'chai';
import { type Credentials, readCredentials } from '../../../src/kube/credentials.ts';
import { PassingError, sendRequest } from '../../../src/kube/request.ts';
import { waitForObjects } from '../../../src/kube/watch.ts';
import { failureOf } from '../failure-of.ts';
import { writeKubeconfig } from './fake-server.ts';

describe('a server that does not answer', () => {
  let credentials: Credentials;
  const open: (Server | Socket | Credentials)[] = [];

  const start = async (onConnection: (socket: Socket) => void, scheme = 'http'): Promise<string> => {
    const server = createServer((socket) => {
      open.push(socket.on('error', () => undefined));
      onConnection(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    credentials = readCredentials(writeKubeconfig(`${scheme}://127.0.0.1:${port}`));
    open.push(server, credentials);
    return `127.0.0.1:${port}`;
  };
  afterEach(() => {
    for (const one of open.splice(0))
      if ('destroy' in one) one.destroy();
      else one.close();
  });
  const ask = (signal?: AbortSignal) =>
    failureOf(sendRequest(credentials, { method: 'GET', path: '/api/v1/pods?limit=1', answerMs: 200, signal }));

  it('is reported as one that accepts connections and keeps silent, and after how long', async () => {
    const host = await start(() => undefined);
    const failure = await ask();
    expect(failure).to.be.instanceOf(PassingError);
    expect(failure.message).to.equal(
      `the API server at ${host} accepted the connection, but did not answer GET /api/v1/pods within 200 ms`,
    );
  });

  it('is reported as one that does not begin TLS', async () => {
    await start(() => undefined, 'https');
    expect((await ask()).message).to.contain('accepted the connection, but did not start TLS within 200 ms');
  });

  it('is reported as one that hangs up', async () => {
    const host = await start((socket) => void socket.once('data', () => socket.destroy()));
    const { message } = await ask();
    expect(message).to.match(/closed the connection before it answered GET \/api\/v1\/pods: ECONNRESET$/);
    expect(message).to.contain(host);
  });

  it('is reported as one that stalls in the middle', async () => {
    await start((socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"items": ['));
    expect((await ask()).message).to.equal('the answer to GET /api/v1/pods stalled: 11 bytes arrived within 200 ms');
  });

  it('is reported as one that breaks off in the middle', async () => {
    await start((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"items": ['));
    expect((await ask()).message).to.match(/^the answer to GET \/api\/v1\/pods broke off after 11 bytes: /);
  });

  it('is an interruption only if there was one, in the head and in the middle', async () => {
    for (const said of ['', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{']) {
      await start((socket) => void socket.write(said));
      const failure = await ask(AbortSignal.timeout(50));
      expect(failure).not.to.be.instanceOf(PassingError);
      expect(failure.message).to.equal('GET /api/v1/pods was interrupted');
    }
  });

  it('is waited for after an interruption if it carries out a change, but not for long', async () => {
    const { timers } = mock;
    timers.enable({ apis: ['setTimeout'] });
    try {
      for (const [waitedMs, outcome] of [
        [2_999, '{}'],
        [3_000, 'PATCH /x was interrupted'],
      ] as const) {
        const asked = Promise.withResolvers<Socket>();
        await start((socket) => void socket.once('data', () => asked.resolve(socket)));
        const interruption = new AbortController();
        const change = sendRequest(credentials, {
          method: 'PATCH',
          path: '/x',
          body: '{}',
          signal: interruption.signal,
        });
        const ended = change.then(
          ({ text }) => text,
          ({ message }: Error) => message,
        );
        const socket = await asked.promise;
        interruption.abort();
        timers.tick(waitedMs);
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
        expect(await ended).to.equal(outcome);
      }
    } finally {
      timers.reset();
    }
  });

  it('is not even asked for a change after an interruption', async () => {
    let connections = 0;
    await start(() => {
      connections += 1;
    });
    const change = sendRequest(credentials, { method: 'POST', path: '/x', body: '{}', signal: AbortSignal.abort() });
    expect((await failureOf(change)).message).to.match(/was interrupted$/);
    expect(connections).to.equal(0);
  });

  it('is reported by whoever waits for objects', async () => {
    const host = await start(() => undefined);
    const { message } = await failureOf(
      waitForObjects(credentials, '/api/v1/pods', () => true, { deadlineMs: 300, what: 'the pods' }),
    );
    expect(message).to.match(/^the pods: gave up waiting after 0\.3 s; last error: the API server at/);
    expect(message).to.contain(`${host} accepted the connection, but did not answer GET /api/v1/pods within`);
  });
});
