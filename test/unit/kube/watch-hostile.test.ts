import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { pathOf } from '../../../src/kube/client.ts';
import { failureOf } from '../failure-of.ts';
import { skipPauses } from '../skip-pauses.ts';
import { fakeApi } from './fake-api.ts';
import { json } from './fake-server.ts';

const POD = { metadata: { name: 'web' } };
const LEAST_PAUSE_MS = 950;

describe('a watch', () => {
  skipPauses();
  const api = fakeApi();
  let listedMs: number[];

  /** Lists nothing until a watch has begun, and the pod from then on; `onWatch` answers the first watch. */
  const start = async (onWatch: (response: ServerResponse) => void): Promise<void> => {
    let watches = 0;
    listedMs = [];
    await api.start(({ url }, response) => {
      if (url.searchParams.has('watch')) {
        watches += 1;
        onWatch(response);
        return;
      }
      listedMs.push(performance.now());
      json(response, 200, { metadata: { resourceVersion: '1' }, items: watches === 0 ? [] : [POD] });
    });
  };
  const wait = (signal?: AbortSignal) =>
    api.client.waitFor(pathOf('Pod'), (all) => all.length > 0, { deadlineMs: 3000, what: 'the pods', signal });

  it('that is refused begins again when the server asks for it, and not sooner', async () => {
    await start((response) => void response.writeHead(429, { 'Retry-After': '1' }).end());
    expect(await wait()).to.deep.equal([POD]);
    expect((listedMs[1] ?? 0) - (listedMs[0] ?? 0)).to.be.above(LEAST_PAUSE_MS);
  });

  it('that sends something other than events, and goes on, begins again at once', async () => {
    await start((response) => void response.writeHead(200).write('no json\n'));
    expect(await wait()).to.deep.equal([POD]);
  });

  it('that sends an event without an end does not fill the memory', async () => {
    await start((response) => void response.writeHead(200).write('x'.repeat(17 * 1024 * 1024)));
    expect(await wait()).to.deep.equal([POD]);
  });

  it('that the server has not begun is hung up on when the wait is interrupted', async () => {
    const interruption = new AbortController();
    let closed: Promise<unknown> | undefined;
    await start((response) => {
      closed = once(response, 'close');
      interruption.abort();
    });
    const { message } = await failureOf(wait(interruption.signal));
    expect(message).to.equal('waiting for the pods was interrupted');
    const outcome = await Promise.race([closed?.then(() => 'closed'), sleep(5000, 'open', { ref: false })]);
    expect(outcome).to.equal('closed');
  });
});
