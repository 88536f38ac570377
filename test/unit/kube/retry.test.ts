import { expect } from 'chai';
import { PodreachError } from '../../../src/errors.ts';
import { pathOf } from '../../../src/kube/client.ts';
import { PassingError } from '../../../src/kube/request.ts';
import { patiently } from '../../../src/kube/retry.ts';
import { failureOf } from '../failure-of.ts';
import { skipPauses } from '../skip-pauses.ts';
import { fakeApi } from './fake-api.ts';
import { json } from './fake-server.ts';

/** Fails as it is told, one after the other, and then gives 7; remembers when it was called. */
const failing = (...failures: readonly Error[]) => {
  const calledMs: number[] = [];
  const attempt = async () => {
    calledMs.push(performance.now());
    const failure = failures[calledMs.length - 1];
    if (failure) throw failure;
    return 7;
  };
  const pausesMs = () => calledMs.slice(1).map((ms, index) => ms - (calledMs[index] ?? 0));
  return { attempt, pausesMs, calls: () => calledMs.length };
};
const busy = (retryAfterMs?: number) => new PassingError('busy', { retryAfterMs });

describe('patiently', () => {
  skipPauses();

  it('makes an attempt again that fails for now, and no other', async () => {
    const twice = failing(busy(), busy());
    expect(await patiently(twice.attempt)).to.equal(7);
    expect(twice.calls()).to.equal(3);
    const refused = failing(new PodreachError('no'));
    expect((await failureOf(patiently(refused.attempt))).message).to.equal('no');
    expect(refused.calls()).to.equal(1);
  });

  it('waits for as long as the server says', async () => {
    const told = failing(busy(700), busy(0));
    expect(await patiently(told.attempt)).to.equal(7);
    // A timer may be a little early, and later on a busy machine.
    expect(told.pausesMs()[0]).to.be.at.least(690);
    expect(told.pausesMs()[1]).to.be.at.least(90);
  });

  it('does not wait for longer than it may, and says when the server would be asked again', async () => {
    const late = failing(busy(3_600_000));
    const { message } = await failureOf(patiently(late.attempt));
    expect(message).to.equal('busy; it asks for another try in 60 min 0 s');
  });

  it('gives up after a while, and says how often it tried and for how long', async () => {
    const ever = failing(...Array.from({ length: 20 }, () => busy()));
    expect((await failureOf(patiently(ever.attempt))).message).to.match(/^busy \(tried 4 times in \d+\.\d s\)$/);
    const always = failing(...Array.from({ length: 20 }, () => busy(0)));
    expect((await failureOf(patiently(always.attempt))).message).to.match(/another try in 0 ms \(tried 10 times in /);
    const short = failing(...Array.from({ length: 20 }, () => busy()));
    await failureOf(patiently(short.attempt, { patienceMs: 300 }));
    expect(short.calls()).to.equal(2);
  });

  it('gives no attempt more time than is left', async () => {
    const given: number[] = [];
    const attempt = async (answerMs: number) => {
      given.push(answerMs);
      if (given.length < 2) throw busy(500);
    };
    await patiently(attempt, { patienceMs: 2000, answerMs: 1900 });
    expect(given[0]).to.equal(1900);
    expect(given[1]).to.be.within(1, 1510);
  });

  it('stops on an abort', async () => {
    const told = failing(busy(5000));
    const { message } = await failureOf(patiently(told.attempt, { signal: AbortSignal.timeout(50) }));
    expect(message).to.equal('the request to the API server was interrupted');
  });
});

describe('a list', () => {
  skipPauses();
  const api = fakeApi();
  const page = (names: readonly string[], next?: string) => ({
    metadata: { resourceVersion: '5', ...(next !== undefined && { continue: next }) },
    items: names.map((name) => ({ metadata: { name } })),
  });
  const queries = () => api.seen.map(({ url }) => Object.fromEntries(url.searchParams));
  const names = async () =>
    (await api.client.list(pathOf('Node'), { labelSelector: 'a=b' })).map(({ metadata }) => metadata.name);

  it('is asked for page by page', async () => {
    const pages = new Map([
      [null, page(['a', 'b'], 'x=&')],
      ['x=&', page(['c'], 'y')],
      ['y', page(['d'], '')],
    ]);
    await api.start(({ url }, response) => json(response, 200, pages.get(url.searchParams.get('continue'))));
    expect(await names()).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(queries()).to.deep.equal([
      { labelSelector: 'a=b', limit: '500' },
      { labelSelector: 'a=b', limit: '500', continue: 'x=&' },
      { labelSelector: 'a=b', limit: '500', continue: 'y' },
    ]);
  });

  it('is asked for again in one piece when the next page has expired', async () => {
    await api.start(({ url }, response) => {
      if (url.searchParams.has('continue')) json(response, 410, { message: 'expired' });
      else json(response, 200, url.searchParams.has('limit') ? page(['old'], 'x') : page(['a', 'b']));
    });
    expect(await names()).to.deep.equal(['a', 'b']);
    const waited = await api.client.waitFor(pathOf('Node'), (all) => all.length === 2, {
      deadlineMs: 2000,
      what: 'nodes',
    });
    expect(waited.map(({ metadata }) => metadata.name)).to.deep.equal(['a', 'b']);
  });

  it('that never ends is an error', async () => {
    await api.start((_request, response) => json(response, 200, page(['a'], 'same')));
    expect((await failureOf(api.client.list(pathOf('Node')))).message).to.contain(
      'keeps returning the same page of a list',
    );
  });

  it('waits when the server is busy, a watcher too', async () => {
    const answers = [429, 200];
    const calledMs: number[] = [];
    await api.start((_request, response) => {
      calledMs.push(performance.now());
      const status = answers.shift() ?? 200;
      response.writeHead(status, { 'Retry-After': '1' }).end(JSON.stringify(page(['a'])));
    });
    await api.client.waitFor(pathOf('Node'), () => true, { deadlineMs: 5000, what: 'nodes' });
    expect((calledMs[1] ?? 0) - (calledMs[0] ?? 0)).to.be.above(950);
  });
});
