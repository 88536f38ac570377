import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { PodreachError } from '../../../src/errors.ts';
import { objectIn, pageIn, retryAfterMsOf } from '../../../src/kube/answer.ts';
import { pathOf } from '../../../src/kube/client.ts';
import { PassingError } from '../../../src/kube/request.ts';
import { failureOf } from '../failure-of.ts';
import { skipPauses } from '../skip-pauses.ts';
import { fakeApi } from './fake-api.ts';
import { TOKEN } from './fake-server.ts';

const POD = { metadata: { name: 'web' } };
const list = (items: unknown) => JSON.stringify({ metadata: { resourceVersion: '1' }, items });

/** Answers with status 200 that no API server gives, and what is to be said of each. */
const malformed: Readonly<
  Record<string, { body: string | Buffer; headers?: Readonly<Record<string, string>>; says: RegExp }>
> = {
  "a proxy's page": {
    body: '<html>\n<body>Please\u001b[31m log in</body></html>',
    headers: { 'content-type': 'text/html' },
    says: /is not JSON \(200 OK, text\/html, 45 bytes\): <html> <body>Please \[31m log in/,
  },
  nothing: { body: '', says: /is not JSON \(200 OK, application\/json, 0 bytes\)$/ },
  'half an object': {
    body: `{"metadata": {"name": "hidden`,
    says: /is not JSON \(200 OK, application\/json, 29 bytes\)$/,
  },
  null: { body: 'null', says: /is JSON, but not an object/ },
  'an array': { body: '[]', says: /is JSON, but not an object/ },
  'an object without metadata': { body: '{"kind":"Status"}', says: /without metadata\.name|without an array of items/ },
  'a name that is no string': {
    body: '{"metadata":{"name":7}}',
    says: /without metadata\.name|without an array of items/,
  },
  'what is compressed, though nobody asked for it': {
    body: gzipSync(JSON.stringify(POD)),
    headers: { 'content-encoding': 'gzip' },
    says: /is not JSON \(200 OK, application\/json, compressed as gzip, \d+ bytes\)$/,
  },
};

const malformedLists: Readonly<Record<string, string>> = {
  'no items': '{"metadata":{"resourceVersion":"1"}}',
  'items that are null': list(null),
  'items that are an object': list({ a: POD }),
  'an item that is null': list([POD, null]),
  'an item without metadata': list([{ spec: {} }]),
  'an item in a namespace that is no string': list([{ metadata: { name: 'a', namespace: {} } }]),
};

const statusOf = (code: number, message: string) => ({
  status: code,
  text: JSON.stringify({ kind: 'Status', message, code }),
});

describe('a refusal', () => {
  const hintOf = (code: number, message: string): string | undefined => {
    try {
      objectIn('get /api/v1/pods/a', statusOf(code, message));
    } catch (error) {
      return (error as PodreachError).hint;
    }
    throw new Error('it did not fail');
  };

  // Of kubectl with a user who has no rights, and of the admission plugins PodSecurity and ResourceQuota.
  it('for lack of a right says where the rights are listed, and others do not', () => {
    const lacks =
      'pods "a" is forbidden: User "ann" cannot get resource "pods" in API group "" in the namespace "prod"';
    expect(hintOf(403, lacks)).to.match(/docs\/your-cluster\.md/);
    expect(hintOf(404, lacks)).to.equal(undefined);
    expect(hintOf(403, 'pods "a" is forbidden: violates PodSecurity "restricted:latest"')).to.equal(undefined);
    expect(hintOf(403, 'pods "a" is forbidden: exceeded quota: small')).to.equal(undefined);
  });
});

describe('a malformed answer', () => {
  skipPauses();
  const api = fakeApi();
  const always = (body: string) => api.start((_request, response) => void response.writeHead(200).end(body));

  for (const [what, { body, headers = {}, says }] of Object.entries(malformed))
    it(`of ${what} is reported as something that may pass`, () => {
      const response = {
        status: 200,
        text: body.toString(),
        headers: { 'content-type': 'application/json', ...headers },
      };
      for (const read of [() => objectIn('ask', response), () => pageIn('ask', response)]) {
        expect(read).to.throw(PassingError, says);
        expect(read).to.throw(PassingError).with.property('hint').contain('proxy');
        expect(read).not.to.throw(/hidden/);
      }
    });

  for (const [what, text] of Object.entries(malformedLists))
    it(`that lists ${what} is no empty list`, () => {
      expect(() => pageIn('list nodes', { status: 200, text })).to.throw(
        PassingError,
        /^the API server's answer to "list nodes" is a list with/,
      );
    });

  it('is asked for again, and finally reported', async () => {
    await always('null');
    const { message } = await failureOf(api.client.get(pathOf('Namespace', { name: 'prod' })));
    expect(message).to.match(/is JSON, but not an object \(200 OK, .*\) \(tried 4 times in /);
    expect(api.seen).to.have.length(4);
    const waiting = api.client.waitFor(pathOf('Node'), () => true, { deadlineMs: 300, what: 'the nodes' });
    expect((await failureOf(waiting)).message).to.match(
      /^the nodes: gave up waiting after 0\.3 s; last error: .* JSON, but not an obj/,
    );
  });

  it('of null, or a page, keeps nobody from waiting: the next one may be right', async () => {
    const bodies = ['null', '<html>', '', list([POD])];
    await api.start((_request, response) => void response.writeHead(200).end(bodies.shift()));
    expect(await api.client.waitFor(pathOf('Pod'), () => true, { deadlineMs: 5000, what: 'the pods' })).to.deep.equal([
      POD,
    ]);
  });

  it('in a watch is reported, and the watch starts again', async () => {
    const pending = list([]);
    const lists = [pending, pending, pending, list([POD])];
    const events = ['no json\n', '{"type":"ADDED","object":{}}\n', '{"type":"EATEN"}\n'];
    await api.start(({ url }, response) => {
      const body = url.searchParams.has('watch') ? events.shift() : lists.shift();
      response.writeHead(200).end(body);
    });
    const found = await api.client.waitFor(pathOf('Pod'), (all) => all.length > 0, {
      deadlineMs: 5000,
      what: 'the pods',
    });
    expect(found).to.deep.equal([POD]);
  });

  it('to a deletion is no deletion', async () => {
    await always('<html>');
    expect((await failureOf(api.client.delete(pathOf('Namespace', { name: 'a' })))).message).to.contain('is not JSON');
  });

  it('that repeats our token does not show it', async () => {
    await api.start(({ headers }, response) => void response.writeHead(403).end(`no: ${headers.authorization}`));
    const { message } = await failureOf(api.client.list(pathOf('Node')));
    expect(message).to.contain('403 Forbidden: no: Bearer [secret]').and.not.to.contain(TOKEN);
  });

  it('is not asked for: no compression', async () => {
    await always(JSON.stringify(POD));
    await api.client.get(pathOf('Namespace', { name: 'prod' }));
    expect(api.seen[0]?.headers['accept-encoding']).to.equal('identity');
  });
});

describe('retryAfterMsOf', () => {
  const of = (headers: Readonly<Record<string, string>>) => retryAfterMsOf({ status: 429, text: '', headers });

  it('reads seconds, and a date by the clock of the server', () => {
    expect(of({ 'retry-after': '7' })).to.equal(7000);
    const date = 'Thu, 01 Jan 2026 00:00:00 GMT';
    expect(of({ date, 'retry-after': 'Thu, 01 Jan 2026 00:01:30 GMT' })).to.equal(90_000);
    expect(of({ date, 'retry-after': 'Wed, 31 Dec 2025 23:00:00 GMT' })).to.equal(0);
    expect(of({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() })).to.be.within(50_000, 60_000);
  });

  it('has nothing to say where the server has not, or is not understood', () => {
    for (const headers of [{}, { 'retry-after': 'soon' }, { 'retry-after': '' }, { 'retry-after': '1.5e' }])
      expect(of(headers)).to.equal(undefined);
  });
});
