import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { type KubeObject, pathOf } from '../../../src/kube/client.ts';
import { failureOf } from '../failure-of.ts';
import { skipPauses } from '../skip-pauses.ts';
import { fakeApi } from './fake-api.ts';
import { json } from './fake-server.ts';

const pod = (name: string, phase: string) => ({ metadata: { name, namespace: 'a' }, status: { phase } });
const list = (version: string, ...items: readonly unknown[]) => ({ metadata: { resourceVersion: version }, items });
const event = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;
const running = (objects: readonly KubeObject[]): boolean =>
  objects.length > 0 && objects.every(({ status }) => (status as { phase: string }).phase === 'Running');

describe('waitFor', () => {
  skipPauses();
  const api = fakeApi();

  /** Answers the lists with these bodies in turn, the last one ever again, and hands the watches over in turn. */
  const start = async (lists: readonly unknown[], watches: readonly ((response: ServerResponse) => void)[]) => {
    let listed = 0;
    let watched = 0;
    await api.start(({ url }, response) => {
      if (url.searchParams.has('watch')) {
        response.writeHead(200).flushHeaders();
        watches[watched++]?.(response);
      } else json(response, 200, lists[Math.min(listed++, lists.length - 1)]);
    });
  };

  const wait = (options: { deadlineMs?: number; signal?: AbortSignal; describe?: () => string } = {}) =>
    api.client.waitFor(pathOf('Pod', { namespace: 'a' }), running, { deadlineMs: 3000, what: 'the pods', ...options });

  it('returns what the list already satisfies, without a watch', async () => {
    await start([list('1', pod('x', 'Running'))], []);
    expect((await wait()).map(({ metadata }) => metadata.name)).to.deep.equal(['x']);
    expect(api.seen).to.have.length(1);
  });

  it('follows a watch from the version of the list, through events cut anywhere', async () => {
    const events =
      event('MODIFIED', pod('x', 'Running')) +
      event('BOOKMARK', { metadata: { resourceVersion: '9' } }) +
      event('DELETED', pod('y', 'Pending')) +
      event('ADDED', pod('z', 'Running'));
    await start(
      [list('7', pod('x', 'Pending'), pod('y', 'Pending'))],
      [
        (response) => {
          response.write(events.slice(0, 30));
          setTimeout(() => response.write(events.slice(30)), 30);
        },
      ],
    );
    expect((await wait()).map(({ metadata }) => metadata.name)).to.deep.equal(['x']);
    expect(api.seen[1]?.url.searchParams.get('resourceVersion')).to.equal('7');
  });

  it('starts again when the watch is too old, ends or breaks', async () => {
    const pending = list('1', pod('x', 'Pending'));
    await start(
      [pending, pending, pending, list('2', pod('x', 'Running'))],
      [
        (response) => response.write(event('ERROR', { code: 410, message: 'too old' })),
        (response) => response.end(),
        (response) => response.destroy(),
      ],
    );
    await wait();
    expect(api.seen.filter(({ url }) => url.searchParams.has('watch'))).to.have.length(3);
  });

  it('says at the deadline what is missing', async () => {
    await start([list('1', pod('x', 'Pending'))], [() => undefined]);
    const error = await failureOf(wait({ deadlineMs: 200, describe: () => 'x is Pending' }));
    expect(error).to.be.instanceOf(PodreachError);
    expect(error.message).to.equal('the pods: gave up waiting after 0.2 s: x is Pending');
  });

  it('stops on an abort', async () => {
    await start([list('1', pod('x', 'Pending'))], [() => undefined]);
    const error = await failureOf(wait({ signal: AbortSignal.timeout(50) }));
    expect(error.message).to.equal('waiting for the pods was interrupted');
  });

  it('gives up at once when it may not list', async () => {
    await api.start((_request, response) => json(response, 403, { message: 'forbidden' }));
    const error = await failureOf(wait());
    expect(error.message).to.contain('403 Forbidden: forbidden');
    expect(api.seen).to.have.length(1);
  });

  it('lets a predicate give up', async () => {
    await start([list('1', pod('x', 'Pending'))], []);
    const giveUp = () => {
      throw new PodreachError('hopeless');
    };
    const error = await failureOf(api.client.waitFor(pathOf('Pod'), giveUp, { deadlineMs: 1000, what: 'x' }));
    expect(error.message).to.equal('hopeless');
  });
});
