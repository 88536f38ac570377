import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { failureOf } from '../failure-of.ts';
import { fakeApi } from './fake-api.ts';
import { json } from './fake-server.ts';

describe('client', () => {
  const api = fakeApi();

  const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { a: 1 } };

  it('patches by strategic merge, with strict validation', async () => {
    await api.start((_request, response) => json(response, 200, { metadata: { name: 'web' } }));
    const path = '/api/v1/namespaces/prod/pods/web/ephemeralcontainers';
    expect(await api.client.patch(path, { spec: { x: [1] } })).to.deep.equal({ metadata: { name: 'web' } });
    const [request] = api.seen;
    expect(request).to.deep.include({ method: 'PATCH', body: '{"spec":{"x":[1]}}' });
    expect(request?.url.pathname).to.equal(path);
    expect(request?.headers['content-type']).to.equal('application/strategic-merge-patch+json');
    expect(request?.url.searchParams.get('fieldValidation')).to.equal('Strict');
  });

  it('says why a patch is refused', async () => {
    await api.start((_request, response) =>
      json(response, 403, { message: 'admission webhook "no" denied the request' }),
    );
    const { message } = await failureOf(api.client.patch('/api/v1/namespaces/prod/pods/web/ephemeralcontainers', {}));
    expect(message).to.contain('403 Forbidden: admission webhook "no" denied the request');
  });

  it('creates an object if there is none of its name', async () => {
    await api.start(({ body }, response) => json(response, 201, JSON.parse(body)));
    const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod' } };
    expect(await api.client.create(manifest)).to.deep.equal(manifest);
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'prod' }, spec: { x: [1] } };
    await api.client.create(pod);
    expect(api.seen.map(({ method, url, body }) => [method, url.pathname, body])).to.deep.equal([
      ['POST', '/api/v1/namespaces', JSON.stringify(manifest)],
      ['POST', '/api/v1/namespaces/prod/pods', JSON.stringify(pod)],
    ]);
    expect(api.seen[0]?.url.searchParams.get('fieldValidation')).to.equal('Strict');
  });

  it('creates nothing if there is one already, and says so', async () => {
    await api.start((_request, response) => json(response, 409, { message: 'namespaces "prod" already exists' }));
    const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod' } };
    const { message } = await failureOf(api.client.create(manifest));
    expect(message).to.equal(
      'the API server refused to create Namespace prod: 409 Conflict: namespaces "prod" already exists',
    );
    expect(api.seen).to.have.length(1);
  });

  it('posts a question, and hands its answer over', async () => {
    await api.start(({ body }, response) => json(response, 201, { ...JSON.parse(body), status: { allowed: true } }));
    expect(await api.client.ask(review)).to.deep.equal({ ...review, status: { allowed: true } });
    const [request] = api.seen;
    expect(request?.method).to.equal('POST');
    expect(request?.url.pathname).to.equal('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews');
  });

  it('posts nothing that would create something', async () => {
    await api.start((_request, response) => json(response, 201, {}));
    for (const body of [
      { ...review, kind: 'Pod' },
      { ...review, apiVersion: 'v1' },
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } },
    ])
      expect(await failureOf(api.client.ask(body))).to.be.instanceOf(PodreachError);
    expect(api.seen).to.deep.equal([]);
  });
});
