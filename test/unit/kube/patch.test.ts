import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { connect } from '../../../src/kube/client.ts';
import { failureOf } from '../failure-of.ts';
import { type Answer, type FakeServer, fakeServer, json, writeKubeconfig } from './fake-server.ts';

describe('client', () => {
  let server: FakeServer;
  let client: ReturnType<typeof connect>;

  const start = async (answer: Answer): Promise<void> => {
    server = await fakeServer(answer);
    client = connect(writeKubeconfig(`http://127.0.0.1:${server.port}`));
  };

  afterEach(async () => {
    client?.close();
    await server?.close();
  });

  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { a: 1 } };

  it('patches by strategic merge, with strict validation', async () => {
    await start((_request, response) => json(response, 200, { metadata: { name: 'web' } }));
    const path = '/api/v1/namespaces/prod/pods/web/ephemeralcontainers';
    expect(await client.patch(path, { spec: { x: [1] } })).to.deep.equal({ metadata: { name: 'web' } });
    const [request] = server.seen;
    expect(request).to.deep.include({ method: 'PATCH', body: '{"spec":{"x":[1]}}' });
    expect(request?.url.pathname).to.equal(path);
    expect(request?.headers['content-type']).to.equal('application/strategic-merge-patch+json');
    expect(request?.url.searchParams.get('fieldValidation')).to.equal('Strict');
  });

  it('tells why a patch is refused', async () => {
    await start((_request, response) => json(response, 403, { message: 'admission webhook "no" denied the request' }));
    const { message } = await failureOf(client.patch('/api/v1/namespaces/prod/pods/web/ephemeralcontainers', {}));
    expect(message).to.contain('403 Forbidden: admission webhook "no" denied the request');
  });

  it('creates an object where there is none of its name', async () => {
    await start(({ body }, response) => json(response, 201, JSON.parse(body)));
    const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod' } };
    expect(await client.create(manifest)).to.deep.equal(manifest);
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'prod' }, spec: { x: [1] } };
    await client.create(pod);
    expect(server.seen.map(({ method, url, body }) => [method, url.pathname, body])).to.deep.equal([
      ['POST', '/api/v1/namespaces', JSON.stringify(manifest)],
      ['POST', '/api/v1/namespaces/prod/pods', JSON.stringify(pod)],
    ]);
    expect(server.seen[0]?.url.searchParams.get('fieldValidation')).to.equal('Strict');
  });

  it('creates nothing where there is one already, and says so', async () => {
    await start((_request, response) => json(response, 409, { message: 'namespaces "prod" already exists' }));
    const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod' } };
    const { message } = await failureOf(client.create(manifest));
    expect(message).to.equal(
      'the API server refused to create Namespace prod: 409 Conflict: namespaces "prod" already exists',
    );
    expect(server.seen).to.have.length(1);
  });

  it('posts a question, and hands its answer over', async () => {
    await start(({ body }, response) => json(response, 201, { ...JSON.parse(body), status: { allowed: true } }));
    expect(await client.ask(review)).to.deep.equal({ ...review, status: { allowed: true } });
    const [request] = server.seen;
    expect(request?.method).to.equal('POST');
    expect(request?.url.pathname).to.equal('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews');
  });

  it('posts nothing that would create something', async () => {
    await start((_request, response) => json(response, 201, {}));
    for (const body of [
      { ...review, kind: 'Pod' },
      { ...review, apiVersion: 'v1' },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } },
    ])
      expect(await failureOf(client.ask(body))).to.be.instanceOf(PodreachError);
    expect(server.seen).to.deep.equal([]);
  });
});
