import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { type Client, connect, pathOf } from '../../../src/kube/client.ts';
import { skipPauses } from '../skip-pauses.ts';
import { fakeApi } from './fake-api.ts';
import { fakeServer, json, TOKEN, writeKubeconfig } from './fake-server.ts';

const failureOf = async (action: () => unknown): Promise<PodreachError> => {
  try {
    await action();
  } catch (error) {
    expect(error).to.be.instanceOf(PodreachError);
    return error as PodreachError;
  }
  throw new Error('it did not fail');
};

/** Everything that a careless log could show of an error. */
const everythingOf = (error: unknown): string =>
  [inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error), String(error), (error as Error).stack].join(
    '\n',
  );

describe('client', () => {
  skipPauses();
  const api = fakeApi();

  it('applies a body byte for byte, by server-side apply with strict validation', async () => {
    await api.start(({ body }, response) => json(response, 200, JSON.parse(body)));
    const body =
      '{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"p","namespace":"prod"},' +
      '"spec":{"podSelector":{},"ingress":[{"from":[{"namespaceSelector":{"matchLabels":{"environment":"dev"}}}]}]}}';
    await api.client.apply(JSON.parse(body));
    const [request] = api.seen;
    expect(request?.body).to.equal(body);
    expect(request?.method).to.equal('PATCH');
    expect(request?.headers['content-type']).to.equal('application/apply-patch+yaml');
    expect(request?.headers.authorization).to.equal(`Bearer ${TOKEN}`);
    expect(request?.url.pathname).to.equal('/apis/networking.k8s.io/v1/namespaces/prod/networkpolicies/p');
    expect(Object.fromEntries(request?.url.searchParams ?? [])).to.deep.equal({
      fieldManager: 'podreach',
      force: 'true',
      fieldValidation: 'Strict',
    });
  });

  it('sends no name that could lead elsewhere in the API', async () => {
    await api.start((_request, response) => json(response, 200, {}));
    for (const name of ['../nodes', 'a/b', 'a?x', 'A', '', 'a%2f', '-a', 'a'.repeat(254)])
      await failureOf(() => api.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    await failureOf(() => api.client.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }));
    await failureOf(() =>
      api.client.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'b' } }),
    );
    await failureOf(() => api.client.apply({ apiVersion: 'v2', kind: 'Pod', metadata: { name: 'a', namespace: 'b' } }));
    expect(() => pathOf('Pod', { namespace: 'a', name: '../x' })).to.throw(PodreachError);
    expect(api.seen).to.deep.equal([]);
  });

  it('reports the status and the words of a refusal', async () => {
    await api.start((_request, response) => json(response, 422, { kind: 'Status', message: 'spec.ports is wrong' }));
    const error = await failureOf(() =>
      api.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod' } }),
    );
    expect(error.message).to.equal(
      'the API server refused to apply Namespace prod: 422 Unprocessable Entity: spec.ports is wrong',
    );
  });

  it('counts an object that is gone or going as deleted', async () => {
    const statuses = [404, 409, 200, 403];
    await api.start((_request, response) => json(response, statuses.shift() ?? 500, { message: 'no' }));
    const path = pathOf('Namespace', { name: 'prod' });
    await api.client.delete(path);
    await api.client.delete(path);
    await api.client.delete(path);
    expect((await failureOf(() => api.client.delete(path))).message).to.contain('403 Forbidden: no');
  });

  it('tries again when the server is overloaded', async () => {
    const statuses = [503, 429, 200];
    await api.start((_request, response) => json(response, statuses.shift() ?? 500, { metadata: { name: 'prod' } }));
    const { metadata } = await api.client.get(pathOf('Namespace', { name: 'prod' }));
    expect(metadata.name).to.equal('prod');
    expect(api.seen).to.have.length(3);
  });

  it('tries no misspelt field again, though that is reported as a server error', async () => {
    const message = 'failed to create typed patch object (a/b): .spec.ingres: field not declared in schema';
    await api.start((_request, response) => json(response, 500, { message }));
    const error = await failureOf(() =>
      api.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod' } }),
    );
    expect(error.message).to.contain('.spec.ingres: field not declared in schema');
    expect(api.seen).to.have.length(1);
  });

  it('lists with a label selector', async () => {
    await api.start((_request, response) => json(response, 200, { items: [{ metadata: { name: 'a' } }] }));
    const items = await api.client.list(pathOf('Namespace'), { labelSelector: 'podreach/run=r 1' });
    expect(items).to.deep.equal([{ metadata: { name: 'a' } }]);
    expect(api.seen[0]?.url.searchParams.get('labelSelector')).to.equal('podreach/run=r 1');
  });

  it('keeps one connection for many calls', async () => {
    const sockets = new Set<unknown>();
    await api.start((_request, response) => {
      sockets.add(response.socket?.remotePort);
      json(response, 200, { items: [] });
    });
    for (let call = 0; call < 5; call += 1) await api.client.list(pathOf('Node'));
    expect(sockets.size).to.equal(1);
  });

  it('stops on an abort', async () => {
    await api.start(() => undefined);
    const { message } = await failureOf(() => api.client.get(pathOf('Node'), { signal: AbortSignal.timeout(50) }));
    expect(message).to.contain('interrupted');
  });
});

describe('client secrets', () => {
  skipPauses();
  const open: { close(): unknown }[] = [];
  const keep = <T extends { close(): unknown }>(one: T): T => {
    open.push(one);
    return one;
  };
  afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const inner = pem.split('\n')[1] as string;
  const keyData = Buffer.from(pem).toString('base64');
  const secrets = [TOKEN, inner, keyData, keyData.slice(0, 40), Buffer.from(TOKEN).toString('base64')];

  const expectNoSecret = (error: unknown): void => {
    for (const secret of secrets) expect(everythingOf(error)).not.to.contain(secret);
    expect((error as Error).cause).to.equal(undefined);
  };

  const callsOf = (client: Client): readonly (() => Promise<unknown>)[] => [
    () => client.list(pathOf('Node')),
    () => client.exec({ namespace: 'a', pod: 'b', container: 'c' }, ['true'], { deadlineMs: 2000 }),
    () => client.waitFor(pathOf('Node'), () => false, { deadlineMs: 300, what: 'nodes' }),
  ];

  it('stay out of errors of a TLS handshake that fails', async function () {
    this.timeout(10_000);
    const server = keep(await fakeServer((_request, response) => json(response, 200, {})));
    const client = keep(
      connect(writeKubeconfig(`https://127.0.0.1:${server.port}`, { token: TOKEN, 'client-key-data': keyData })),
    );
    for (const call of callsOf(client)) expectNoSecret(await failureOf(call));
  });

  it('stay out of errors when nobody listens', async () => {
    // Port 1 is nobody's; one that was just closed may be another test's by now.
    const client = keep(connect(writeKubeconfig('https://127.0.0.1:1', { token: TOKEN, 'client-key-data': keyData })));
    for (const call of callsOf(client)) {
      const error = await failureOf(call);
      expectNoSecret(error);
      expect(error.message).to.contain('ECONNREFUSED');
    }
  });

  it('stay out of errors when they are unusable', async function () {
    this.timeout(10_000);
    const bad = Buffer.from(`${pem.slice(0, 60)}${TOKEN}`).toString('base64');
    const client = keep(connect(writeKubeconfig('https://127.0.0.1:1', { token: TOKEN, 'client-key-data': bad })));
    for (const call of callsOf(client)) expectNoSecret(await failureOf(call));
  });

  it('stay out of errors of refused calls', async () => {
    const server = keep(await fakeServer((_request, response) => json(response, 401, { message: 'Unauthorized' })));
    const client = keep(connect(writeKubeconfig(`http://127.0.0.1:${server.port}`)));
    for (const call of callsOf(client)) {
      const error = await failureOf(call);
      expectNoSecret(error);
      expect(error.message).to.contain('401');
    }
  });

  it('stay out of errors of a kubeconfig that cannot be read', async () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'podreach-test-')), 'kubeconfig');
    for (const text of [`token: "${TOKEN}\n  - x: [`, TOKEN, `users: ${TOKEN}`, '', '\u0000']) {
      writeFileSync(file, text);
      const error = await failureOf(() => connect(file));
      expectNoSecret(error);
      expect(error.message).to.contain(file);
    }
    expect((await failureOf(() => connect(`${file}-not`))).message).to.contain('there is no kubeconfig at');
    const other = writeKubeconfig('https://127.0.0.1:1');
    const error = await failureOf(() => connect(other, 'prod'));
    expect(error.message).to.contain('no context named prod');
    expect(error.hint).to.equal('contexts in it: fake');
  });
});
