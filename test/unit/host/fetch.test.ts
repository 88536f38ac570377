import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { fetchText } from '../../../src/host/fetch.ts';
import { failureOf } from '../failure-of.ts';
import { withServer } from './local-server.ts';

const options = { purpose: 'fetching it', timeoutMs: 10_000, hint: 'a cure' };
const PROXIES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'] as const;

describe('fetchText', () => {
  const before = Object.fromEntries(PROXIES.map((name) => [name, process.env[name]]));
  beforeEach(() => {
    for (const name of PROXIES) delete process.env[name];
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('returns the text', () =>
    withServer(
      (_, response) => response.end('the text'),
      async (url) => {
        expect(await fetchText(`${url}/a`, options)).to.equal('the text');
      },
    ));

  it('says which address answered otherwise, or not at all, and the cure', async () => {
    await withServer(
      (_, response) => response.writeHead(404).end('gone'),
      async (url) => {
        const failure = await failureOf(fetchText(`${url}/a`, options));
        expect(failure).to.be.instanceOf(PodreachError);
        expect(failure.message).to.equal(`fetching it: ${url}/a answered with status 404`);
        expect(failure.hint).to.equal('a cure');
      },
    );
    let closed = '';
    await withServer(
      () => {},
      async (url) => {
        closed = url;
        const failure = await failureOf(fetchText(`${url}/a`, { ...options, timeoutMs: 100 }));
        expect(failure.message).to.equal(`fetching it: ${url}/a did not answer within 100 ms`);
      },
    );
    expect((await failureOf(fetchText(closed, options))).message).to.equal(
      `fetching it: ${closed} failed: ECONNREFUSED`,
    );
  });

  it('does not wait for the rest of an answer that never ends', () =>
    withServer(
      (_, response) => response.write('a beginning'),
      async (url) => {
        const failure = await failureOf(fetchText(url, { ...options, timeoutMs: 200 }));
        expect(failure.message).to.contain('did not answer within 200 ms');
      },
    ));

  it('goes through the proxy of the environment, except where NO_PROXY names the host', async () => {
    const asked: (string | undefined)[] = [];
    await withServer(
      ({ url }, response) => {
        asked.push(url);
        response.end('from the proxy');
      },
      async (proxy) => {
        process.env.HTTP_PROXY = proxy;
        expect(await fetchText('http://manifests.test/calico.yaml', options)).to.equal('from the proxy');
        expect(asked).to.deep.equal(['http://manifests.test/calico.yaml']);
        process.env.NO_PROXY = '127.0.0.1';
        await withServer(
          (_, response) => response.end('from itself'),
          async (url) => {
            expect(await fetchText(url, options)).to.equal('from itself');
          },
        );
      },
    );
  });

  it('asks the proxy of HTTPS_PROXY for a tunnel to an address of https', async () => {
    const { createServer } = await import('node:http');
    const tunnels: (string | undefined)[] = [];
    const proxy = createServer().on('connect', ({ url }, socket) => {
      tunnels.push(url);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    process.env.HTTPS_PROXY = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    try {
      const failure = await failureOf(fetchText('https://manifests.test/calico.yaml', options));
      expect(tunnels).to.deep.equal(['manifests.test:443']);
      expect(failure.message).to.match(/^fetching it: https:\/\/manifests\.test\/calico\.yaml failed: /);
    } finally {
      proxy.close();
    }
  });
});
